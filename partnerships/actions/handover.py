"""Open actions of somebody who goes pass to a colleague."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from organisations import audit
from organisations.actor import Actor
from organisations.models import User
from organisations.people import handover
from organisations.people.handover import HandOver, Successor
from organisations.people.selectors import addresses_of
from partnerships.actions import announcements
from partnerships.actions.models import RELATED, Action, ActionState

MOST_NAMED = 5


def owned_by(by: Actor, user: User) -> QuerySet[Action]:
    """The open actions of the acting organisation that are a person's own: by their account, or by
    a posting of theirs, which is known by its address."""
    return (
        Action.objects.alias(address=Lower("owner_posting__details__email"))
        .filter(
            Q(owner_user=user)
            | Q(owner_posting__person__user=user)
            | Q(address__in=addresses_of(user)),
            acl__overlap=[by.organisation_id],
            owner_organisation_id=by.organisation_id,
            state=ActionState.OPEN,
        )
        .select_related(*RELATED)
        .order_by("due_on", "pk")
    )


def _count(by: Actor, user: User) -> int:
    return owned_by(by, user).count()


def _names(by: Actor, user: User) -> list[str]:
    return [f"{row.partnership.name}: {row.title}" for row in owned_by(by, user)[:MOST_NAMED]]


def _move(by: Actor, user: User, to: Successor) -> int:
    """Make the successor the one who does them, and is reminded."""
    actions = list(owned_by(by, user))
    for action in actions:
        was = action.owner_posting_id
        action.owner_user, action.owner_posting = to.user, None
        action.revision += 1
        action.save(update_fields=["owner_user", "owner_posting", "revision"])
        audit.record(
            "action handed over",
            by=by,
            obj=action,
            changes={"owner": [user.pk, to.user.pk], "posting": [was, None]},
        )
        announcements.announce_change(by=by, action=action, why=announcements.NEW)
    return len(actions)


def register() -> None:
    """Make it known to the hand-over."""
    handover.register(
        HandOver(
            name="actions",
            label="Actions to do",
            count=_count,
            names=_names,
            move=_move,
            stays="Stay open. Any colleague who may edit can take them on",
            order=22,
        )
    )
