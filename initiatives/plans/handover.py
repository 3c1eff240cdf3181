"""Initiatives that somebody leads pass to a colleague when they go."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from initiatives.plans.models import Lead
from organisations import audit
from organisations.actor import Actor
from organisations.models import User
from organisations.people import handover
from organisations.people.handover import HandOver, Successor
from organisations.people.selectors import addresses_of

MOST_NAMED = 5


def led_by(by: Actor, user: User) -> QuerySet[Lead]:
    """Where a person leads for the acting organisation: by their account, or by a posting of
    theirs, which is known by its address."""
    return (
        Lead.objects.alias(address=Lower("posting__details__email"))
        .filter(
            Q(user=user) | Q(posting__person__user=user) | Q(address__in=addresses_of(user)),
            acl__overlap=[by.organisation_id],
            organisation=by.organisation_id,
            initiative__withdrawn_at=None,
        )
        .select_related("initiative__partnership")
        .order_by("pk")
    )


def _count(by: Actor, user: User) -> int:
    return led_by(by, user).count()


def _names(by: Actor, user: User) -> list[str]:
    rows = led_by(by, user)[:MOST_NAMED]
    return [f"{row.initiative.partnership.name}: {row.initiative.name}" for row in rows]


def _move(by: Actor, user: User, to: Successor) -> int:
    """Make the successor the one who leads them."""
    rows = list(led_by(by, user))
    for row in rows:
        row.user, row.posting = to.user, None
        row.save(update_fields=["user", "posting"])
        audit.record(
            "lead handed over",
            by=by,
            obj=row.initiative,
            changes={"lead": [user.pk, to.user.pk], "side": row.side},
        )
    return len(rows)


def register() -> None:
    """Make it known to the hand-over."""
    handover.register(
        HandOver(
            name="initiatives",
            label="Initiatives led",
            count=_count,
            names=_names,
            move=_move,
            stays="Go on without this lead, until another is named",
            order=27,
        )
    )
