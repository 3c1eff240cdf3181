"""Ending a membership: a manager removes somebody, or somebody leaves. What they leave behind
passes to a colleague first. A membership ends and is never deleted; access ends with it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Membership, PersonInvitation
from organisations.people import handover, mail, selectors
from organisations.people.handover import Successor
from organisations.people.services.holding import (
    hold_as_manager,
    hold_people,
    live,
    refuse_last_manager,
)
from organisations.people.services.inviting import revoke
from organisations.permissions import Permission


@transaction.atomic
def remove_person(
    *, by: Actor, membership: Membership, successor: Membership | None, job_title: str = ""
) -> Membership:
    """End somebody's membership, after passing what can be to `successor`, and tell them.

    `job_title` is the successor's, for partners to whom they become a contact. Raises
    ValidationError for oneself, the last manager, somebody who has left, and when there is
    something to take over and nobody (fitting) is chosen.
    """
    hold_as_manager(by)
    current = live(by, membership)
    if current.user_id == by.user_id:
        raise ValidationError("You cannot remove yourself. Leave the organisation instead.")
    refuse_last_manager(by, current)
    moved = _hand_over(by, current, successor, job_title)
    _withdraw_invitations(by, current)
    _end(by, current, "person removed", successor, moved)
    mail.say_removed(current, by=by)
    return current


@transaction.atomic
def leave(*, by: Actor, successor: Membership | None = None, job_title: str = "") -> Membership:
    """End one's own membership, after passing what can be to `successor`.

    Raises ValidationError as `remove_person` does.
    """
    permissions.require(by, Permission.SEE_PEOPLE)
    hold_people(by)
    current = live(by, selectors.own_membership(by))
    refuse_last_manager(by, current)
    moved = _hand_over(by, current, successor, job_title)
    _end(by, current, "person left", successor, moved)
    return current


def _hand_over(
    by: Actor, leaving: Membership, successor: Membership | None, job_title: str
) -> dict[str, int]:
    moving = [left for left in handover.left_by(by, leaving.user) if left.moves]
    if successor is None:
        if moving and selectors.successors_of(by, leaving):
            raise ValidationError({"successor": "Choose who takes over"})
        return {}
    able = {each.pk: each for each in selectors.successors_of(by, leaving)}
    chosen = able.get(successor.pk)
    if chosen is None:
        raise ValidationError(
            {"successor": "Choose someone who belongs to the organisation and may edit"}
        )
    job_title = " ".join(job_title.split())
    if not job_title and any(left.kind.asks_job_title for left in moving):
        raise ValidationError({"job_title": "Enter the job title of whoever takes over"})
    return handover.move_all(by, leaving.user, Successor(chosen.user, job_title))


def _withdraw_invitations(by: Actor, leaving: Membership) -> None:
    """No invitation that waits at an address of theirs may lead back in."""
    waiting = PersonInvitation.objects.select_for_update(of=("self",)).filter(
        organisation_id=leaving.organisation_id,
        email__in=selectors.addresses_of(leaving.user),
        used_at=None,
        revoked_at=None,
    )
    for invitation in waiting:
        revoke(by, invitation)


def _end(
    by: Actor,
    leaving: Membership,
    action: str,
    successor: Membership | None,
    moved: dict[str, int],
) -> None:
    leaving.ended_at = timezone.now()
    leaving.save(update_fields=["ended_at"])
    audit.record(
        action,
        by=by,
        obj=leaving,
        changes={
            "user": leaving.user_id,
            "role": [leaving.role, None],
            "successor": successor.user_id if successor else None,
            "moved": moved,
        },
    )
