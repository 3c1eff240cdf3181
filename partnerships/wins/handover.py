"""Wins stay under the name of whoever logged them, also when that person goes."""

from __future__ import annotations

from organisations.actor import Actor
from organisations.models import User
from organisations.people import handover
from organisations.people.handover import HandOver
from partnerships.wins.models import Win


def logged_by(by: Actor, user: User) -> int:
    """How many wins a person logged for the acting organisation that still stand."""
    return Win.objects.filter(
        acl__overlap=[by.organisation_id],
        author_organisation_id=by.organisation_id,
        author=user,
        withdrawn_at=None,
    ).count()


def register() -> None:
    """Make it known to the hand-over."""
    handover.register(
        HandOver(
            name="wins",
            label="Wins logged",
            count=logged_by,
            stays="Stay in the record. Colleagues who may edit can share them or take them back",
            order=85,
        )
    )
