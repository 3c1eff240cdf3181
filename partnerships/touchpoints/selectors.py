"""Reading touchpoints, from the acting organisation's side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.utils import timezone

from calendars.london import day_starts, london_day
from organisations.actor import Actor
from organisations.permissions import Hidden
from partnerships.record.models import Partnership
from partnerships.touchpoints.models import (
    Attendee,
    Touchpoint,
    TouchpointKind,
    TouchpointState,
)

PAGE = 25
# It did not take place on its day, and no calendar shows it there.
CALLED_OFF = (TouchpointState.CANCELLED, TouchpointState.MOVED)
MOST_COMING = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A touchpoint as a list shows it."""

    ref: str
    partnership_ref: str
    partnership_name: str
    kind: str
    starts_at: datetime
    minutes: int
    venue: str
    state: str
    author_organisation_id: int
    organisation: str

    @property
    def kind_words(self) -> str:
        """What sort of meeting it is, in words."""
        return TouchpointKind(self.kind).label

    @property
    def ends_at(self) -> datetime:
        """When it is planned to end."""
        return self.starts_at + timedelta(minutes=self.minutes)


def of_partnership(actor: Actor, partnership: Partnership) -> list[Listed]:
    """A partnership's touchpoints in order of time: fifty gone by and fifty to come at most."""
    now = timezone.now()
    rows = _listed(actor).filter(partnership=partnership)
    past = rows.filter(starts_at__lte=now).order_by("-starts_at", "-id")[:MOST_COMING]
    gone = [Listed(**row) for row in past]
    return [
        *reversed(gone),
        *(Listed(**row) for row in rows.filter(starts_at__gt=now)[:MOST_COMING]),
    ]


def latest_of(actor: Actor, partnership: Partnership, limit: int) -> list[Touchpoint]:
    """The latest touchpoints of a partnership, those to come among these, in order of time; each
    with what replaced it and its series; one statement."""
    rows = (
        Touchpoint.objects.filter(partnership=partnership, acl__overlap=[actor.key])
        .order_by("-starts_at", "-pk")
        .select_related("replaced_by", "series")
        .defer("agenda", "outcome_notes", "replaced_by__agenda", "series__agenda")
    )
    return list(reversed(rows[:limit]))


def next_of(rows: Sequence[Touchpoint]) -> Touchpoint | None:
    """The first of some that is scheduled and to come."""
    coming = (each for each in rows if not each.has_begun)
    return next((each for each in coming if each.state == TouchpointState.SCHEDULED), None)


def last_of(rows: Sequence[Touchpoint]) -> Touchpoint | None:
    """The latest of some that took place, or whose time has passed."""
    begun = (each for each in reversed(rows) if each.has_begun)
    return next((each for each in begun if each.state not in CALLED_OFF), None)


def coming_in(actor: Actor, partnership: Partnership) -> list[Listed]:
    """What a partnership has ahead of it, cancelled ones too, the next first."""
    rows = _listed(actor).filter(partnership=partnership, starts_at__gt=timezone.now())
    return [Listed(**row) for row in rows[:MOST_COMING]]


def past_of(actor: Actor, partnership: Partnership, page: Any = 1) -> Page[Any]:
    """One page of 25 of a partnership's touchpoints gone by, the latest first."""
    rows = _listed(actor).filter(partnership=partnership, starts_at__lte=timezone.now())
    found: Page[Any] = Paginator(rows.order_by("-starts_at", "-id"), PAGE).get_page(page)
    found.object_list = [Listed(**row) for row in found.object_list]
    return found


def coming(actor: Actor, until: datetime, limit: int = MOST_COMING) -> list[Listed]:
    """The scheduled touchpoints of all the actor's partnerships from now until a moment."""
    rows = _listed(actor).filter(
        state=TouchpointState.SCHEDULED, starts_at__gt=timezone.now(), starts_at__lt=until
    )
    return [Listed(**row) for row in rows[:limit]]


def needing_outcome(actor: Actor, limit: int = 20) -> list[Listed]:
    """Touchpoints whose time is over and whose outcome nobody has recorded."""
    now = timezone.now()
    length = ExpressionWrapper(
        F("minutes") * Value(timedelta(minutes=1)), output_field=DurationField()
    )
    rows = _listed(actor).filter(
        state=TouchpointState.SCHEDULED, starts_at__lt=now, starts_at__lte=now - length
    )
    return [Listed(**row) for row in rows[:limit]]


def taken_days(
    actor: Actor,
    partnership: Partnership,
    first: date,
    last: date,
    but: Collection[Touchpoint] = (),
) -> set[date]:
    """The days of a partnership's touchpoints, `but` for some, that are scheduled or took place."""
    moments = Touchpoint.objects.filter(
        acl__overlap=[actor.key],
        partnership=partnership,
        state__in=(TouchpointState.SCHEDULED, TouchpointState.HELD),
        starts_at__gte=day_starts(first),
        starts_at__lt=day_starts(last + timedelta(days=1)),
    ).exclude(pk__in=[each.pk for each in but])
    return {london_day(moment) for moment in moments.values_list("starts_at", flat=True)}


def for_calendar(
    actor: Actor, within: tuple[datetime, datetime], about: Q, cancelled_since: datetime
) -> list[Touchpoint]:
    """What a calendar holds between two moments, with its partnerships; one statement.

    `about` narrows it; one cancelled before `cancelled_since` is gone from every calendar by now.
    """
    forgotten = Q(state__in=CALLED_OFF, outcome_at__lt=cancelled_since)
    rows = Touchpoint.objects.filter(
        about, acl__overlap=[actor.key], starts_at__gte=within[0], starts_at__lt=within[1]
    ).exclude(forgotten)
    return list(rows.select_related("partnership").order_by("starts_at", "id"))


def touchpoint_of(actor: Actor, partnership: Partnership, ref: str) -> Touchpoint:
    """One touchpoint of a partnership; raises Hidden unless the actor may see it."""
    found = (
        Touchpoint.objects.filter(
            ref=ref, partnership=partnership, acl__overlap=[actor.organisation_id]
        )
        .select_related(
            "author",
            "author_organisation",
            "outcome_by",
            "outcome_organisation",
            "outcome_posting__person",
            "outcome_posting__organisation",
            "replaces",
            "replaced_by",
            "series",
        )
        .first()
    )
    if found is None:
        raise Hidden("see a touchpoint")
    found.partnership = partnership
    return found


def invited_to(touchpoint: Touchpoint) -> list[Attendee]:
    """Who is invited to a touchpoint, by organisation; one statement."""
    rows = Attendee.objects.filter(touchpoint=touchpoint, removed_at=None)
    return list(
        rows.select_related("posting__person", "organisation").order_by(
            "organisation__name", "posting__person__name", "pk"
        )
    )


def next_after(actor: Actor, touchpoint: Touchpoint) -> Touchpoint | None:
    """The partnership's next touchpoint that is to come, besides this one."""
    rows = Touchpoint.objects.filter(
        acl__overlap=[actor.organisation_id],
        partnership=touchpoint.partnership_id,
        state=TouchpointState.SCHEDULED,
        starts_at__gt=timezone.now(),
    )
    return rows.exclude(pk=touchpoint.pk).order_by("starts_at", "pk").first()


def _listed(actor: Actor) -> QuerySet[Touchpoint, Any]:
    return (
        Touchpoint.objects.filter(acl__overlap=[actor.key])
        .order_by("starts_at", "id")
        .values(
            "ref",
            "kind",
            "starts_at",
            "minutes",
            "venue",
            "state",
            "author_organisation_id",
            partnership_ref=F("partnership__ref"),
            partnership_name=F("partnership__name"),
            organisation=F("author_organisation__name"),
        )
    )
