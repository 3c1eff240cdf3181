"""Touchpoints to come pass to a colleague of whoever scheduled them and goes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from frontend.wording import date_words
from organisations import audit
from organisations.actor import Actor
from organisations.models import User
from organisations.people import handover
from organisations.people.handover import HandOver, Successor
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries, TouchpointState
from partnerships.touchpoints.outcome_asking import ask_organiser

MOST_NAMED = 5


def coming_of(by: Actor, user: User) -> QuerySet[Touchpoint]:
    """What a person scheduled for the acting organisation and that is still to come."""
    return Touchpoint.objects.filter(
        acl__overlap=[by.organisation_id],
        author_organisation_id=by.organisation_id,
        author=user,
        state=TouchpointState.SCHEDULED,
        starts_at__gt=timezone.now(),
    )


def series_of(by: Actor, user: User) -> QuerySet[TouchpointSeries]:
    """The series that a person planned for the acting organisation and that have not ended."""
    return TouchpointSeries.objects.filter(
        acl__overlap=[by.organisation_id],
        author_organisation_id=by.organisation_id,
        author=user,
        ended_at=None,
    )


def _count(by: Actor, user: User) -> int:
    return coming_of(by, user).count()


def _names(by: Actor, user: User) -> list[str]:
    rows = coming_of(by, user).select_related("partnership")[:MOST_NAMED]
    return [f"{row.partnership.name}, {date_words(row.starts_at)}" for row in rows]


def _move(by: Actor, user: User, to: Successor) -> int:
    """Make the successor the one who answers for them."""
    touchpoints = list(coming_of(by, user))
    for series in series_of(by, user):
        series.author = to.user
        series.save(update_fields=["author"])
        audit.record(
            "series handed over", by=by, obj=series, changes={"author": [user.pk, to.user.pk]}
        )
    for touchpoint in touchpoints:
        touchpoint.author = to.user
        touchpoint.save(update_fields=["author"])
        audit.record(
            "touchpoint handed over",
            by=by,
            obj=touchpoint,
            changes={"author": [user.pk, to.user.pk]},
        )
        ask_organiser(by=by, touchpoint=touchpoint)
    return len(touchpoints)


def register() -> None:
    """Make it known to the hand-over."""
    handover.register(
        HandOver(
            name="touchpoints",
            label="Touchpoints to come",
            count=_count,
            names=_names,
            move=_move,
            stays="Stay planned. Any colleague who may edit can change them",
            order=20,
        )
    )
