"""Quiet periods that stand pass to a colleague of whoever proposed them and goes; feeds end."""

from __future__ import annotations

from django.db.models import QuerySet

from calendars.london import day_in_words, today
from organisations import audit
from organisations.actor import Actor
from organisations.models import User
from organisations.people import handover
from organisations.people.handover import HandOver, Successor
from partnerships.diary.feeds.selectors import number_of
from partnerships.diary.models import QuietPeriod

MOST_NAMED = 5


def standing_of(by: Actor, user: User) -> QuerySet[QuietPeriod]:
    """What a person proposed for the acting organisation and that is neither over nor withdrawn."""
    return QuietPeriod.objects.filter(
        acl__overlap=[by.organisation_id],
        author_organisation_id=by.organisation_id,
        author=user,
        ends_on__gte=today(),
        withdrawn_at=None,
    )


def _count(by: Actor, user: User) -> int:
    return standing_of(by, user).count()


def _names(by: Actor, user: User) -> list[str]:
    rows = standing_of(by, user).select_related("partnership")[:MOST_NAMED]
    return [f"{row.partnership.name}, from {day_in_words(row.starts_on)}" for row in rows]


def _move(by: Actor, user: User, to: Successor) -> int:
    """Make the successor the one who is told of the answers."""
    periods = list(standing_of(by, user))
    for period in periods:
        period.author = to.user
        period.save(update_fields=["author"])
        audit.record(
            "quiet period handed over",
            by=by,
            obj=period,
            changes={"author": [user.pk, to.user.pk]},
        )
    return len(periods)


def register() -> None:
    """Make it known to the hand-over."""
    handover.register(
        HandOver(
            name="quiet_periods",
            label="Quiet periods",
            count=_count,
            names=_names,
            move=_move,
            stays="Stay as they are. Any colleague who may edit can withdraw them",
            order=22,
        )
    )
    handover.register(
        HandOver(
            name="calendar_feeds",
            label="Calendar feeds",
            count=number_of,
            stays="End: their addresses stop working",
            order=90,
        )
    )
