"""Wins stay under the name of whoever logged them, also when that person goes."""

from __future__ import annotations

from partnerships.record.staying import stays_with_its_author
from partnerships.wins.models import Win


def register() -> None:
    """Make them known to the hand-over."""
    stays_with_its_author(
        name="wins",
        label="Wins logged",
        model=Win,
        stays="Stay in the record. Colleagues who may edit can share them or take them back",
        order=85,
    )
