"""Conversations stay under the name of whoever logged them, also when that person goes."""

from __future__ import annotations

from partnerships.conversations.models import Conversation
from partnerships.record.staying import stays_with_its_author


def register() -> None:
    """Make them known to the hand-over."""
    stays_with_its_author(
        name="conversations",
        label="Conversations logged",
        model=Conversation,
        stays="Stay in the record under the same name. Colleagues who may edit can change them",
        order=80,
    )
