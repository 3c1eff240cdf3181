"""Conversations stay under the name of whoever logged them, also when that person goes."""

from __future__ import annotations

from organisations.actor import Actor
from organisations.models import User
from organisations.people import handover
from organisations.people.handover import HandOver
from partnerships.conversations.models import Conversation


def logged_by(by: Actor, user: User) -> int:
    """How many conversations a person logged for the acting organisation that still stand."""
    return Conversation.objects.filter(
        acl__overlap=[by.organisation_id],
        author_organisation_id=by.organisation_id,
        author=user,
        withdrawn_at=None,
    ).count()


def register() -> None:
    """Make it known to the hand-over."""
    handover.register(
        HandOver(
            name="conversations",
            label="Conversations logged",
            count=logged_by,
            stays="Stay in the record under the same name. Colleagues who may edit can change them",
            order=80,
        )
    )
