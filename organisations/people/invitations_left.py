"""What a manager who goes leaves behind on this floor: invitations that wait for an answer."""

from __future__ import annotations

from organisations.actor import Actor
from organisations.models import PersonInvitation, User
from organisations.people import handover
from organisations.people.handover import HandOver


def waiting_of(by: Actor, user: User) -> int:
    """How many people they invited have not answered; an expired invitation counts."""
    assert by.organisation_id is not None
    return PersonInvitation.objects.filter(
        organisation_id=by.organisation_id, invited_by=user, used_at=None, revoked_at=None
    ).count()


def register() -> None:
    """Make it known to the hand-over."""
    handover.register(
        HandOver(
            name="person_invitations",
            label="People invited who have not answered",
            count=waiting_of,
            stays="Can still join. Withdraw an invitation if that person should not",
            order=90,
        )
    )
