"""Reflections stay under the name of whoever wrote them, also when that person goes."""

from __future__ import annotations

from initiatives.reflections.models import Reflection
from partnerships.record.staying import stays_with_its_author


def register() -> None:
    """Make them known to the hand-over."""
    stays_with_its_author(
        name="reflections",
        label="Reflections on initiatives",
        model=Reflection,
        stays="Stay in the record. Colleagues who may edit can take them back",
        order=86,
    )
