"""Reading series of touchpoints, from the acting organisation's side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q
from django.utils import timezone

from calendars.clashes import Clash
from calendars.london import london_day, today
from calendars.series import SeriesError, ideal_days
from calendars.slots import terms_of
from organisations.actor import Actor
from organisations.permissions import Hidden
from partnerships.diary.selectors import SharedDiary, diary_of
from partnerships.record.models import Partnership
from partnerships.touchpoints.models import OnClash, Touchpoint, TouchpointSeries, TouchpointState
from partnerships.touchpoints.series_matching import uncovered
from partnerships.touchpoints.series_plans import plan_of

_ANSWERED_FOR = ("author", "author_organisation", "ended_by")


SKIPPING = (OnClash.SKIP, OnClash.SKIP_BUSY)


@dataclass(frozen=True, slots=True)
class SeriesDate:
    """One date of a series, with what speaks against the rule's day and the day that it is on."""

    touchpoint: Touchpoint
    day: date
    against_ideal: list[Clash]
    against_day: list[Clash]
    # What is merely typical of that time, about which the rule does nothing.
    busy: list[Clash]

    @property
    def is_coming(self) -> bool:
        """Whether it can still be changed."""
        return self.touchpoint.state == TouchpointState.SCHEDULED and not self.touchpoint.has_begun

    @property
    def moved(self) -> bool:
        """Whether people meet on another day than the rule's."""
        return self.day != self.touchpoint.ideal_on

    @property
    def clashes(self) -> bool:
        """Whether something speaks against the day of one still to come."""
        return self.is_coming and bool(self.against_day)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A day that the rule gives and on which nobody meets, and what speaks against it."""

    day: date
    against: list[Clash]


@dataclass(frozen=True, slots=True)
class Programme:
    """The dates of a series in order of time, and the days to come that were left out."""

    dates: list[SeriesDate]
    left_out: list[LeftOut]

    @property
    def to_settle(self) -> list[SeriesDate]:
        """Dates to come that clash and follow the rule: what applying it again would change."""
        return [each for each in self.dates if each.clashes and not each.touchpoint.detached]


def series_of(actor: Actor, partnership: Partnership, ref: str) -> TouchpointSeries:
    """One series of a partnership; raises Hidden unless the actor may see it."""
    found = (
        TouchpointSeries.objects.filter(
            ref=ref, partnership=partnership, acl__overlap=[actor.organisation_id]
        )
        .select_related(*_ANSWERED_FOR)
        .first()
    )
    if found is None:
        raise Hidden("see a series of touchpoints")
    found.partnership = partnership
    return found


def running_in(actor: Actor, partnership: Partnership) -> list[TouchpointSeries]:
    """The series of a partnership with dates to come, each with `coming` and `next_at`."""
    to_come = Q(touchpoints__state=TouchpointState.SCHEDULED) & Q(
        touchpoints__starts_at__gt=timezone.now()
    )
    return list(
        TouchpointSeries.objects.filter(
            partnership=partnership, acl__overlap=[actor.key], ended_at=None
        )
        .annotate(
            coming=Count("touchpoints", filter=to_come),
            next_at=Min("touchpoints__starts_at", filter=to_come),
        )
        .filter(coming__gt=0)
        .order_by("next_at", "id")
    )


def touchpoints_in(series: TouchpointSeries) -> list[Touchpoint]:
    """Every date of a series, cancelled ones too, in order of time."""
    return list(series.touchpoints.order_by("starts_at", "id"))


def programme_of(actor: Actor, series: TouchpointSeries) -> Programme:
    """The dates of a series with their reasons; a fixed number of statements."""
    touchpoints = touchpoints_in(series)
    days = [london_day(each.starts_at) for each in touchpoints]
    first = min([series.first_on, *days])
    last = max([series.last_on, *days])
    diary = diary_of(actor, series.partnership, first, last)
    return Programme(
        dates=[
            SeriesDate(
                touchpoint=each,
                day=day,
                against_ideal=_against(diary, each.ideal_on),
                against_day=_against(diary, day, series),
                busy=[
                    clash for clash in _against(diary, day) if not counts(series.on_clash, clash)
                ],
            )
            for each, day in zip(touchpoints, days, strict=True)
        ],
        left_out=[
            LeftOut(day, _against(diary, day, series))
            for day in left_out_of(series, touchpoints, diary)
        ],
    )


def left_out_of(
    series: TouchpointSeries, touchpoints: list[Touchpoint], diary: SharedDiary
) -> list[date]:
    """The days to come that the rule gives and for which nothing is planned."""
    plan = plan_of(series)
    if series.ended_at is not None:
        return []
    try:
        ideals = ideal_days(
            plan.rule,
            plan.first_on,
            plan.last_on,
            terms=terms_of(diary.calendars),
            weekday=plan.weekday,
        )
    except SeriesError:
        return []
    held = [
        each.ideal_on
        for each in touchpoints
        if each.ideal_on is not None and each.state != TouchpointState.CANCELLED
    ]
    return [day for day in uncovered(ideals, held) if day >= today()]


def follows_clashes(series: TouchpointSeries) -> bool:
    """Whether its rule says what happens on a day that does not suit."""
    return series.on_clash != OnClash.KEEP


def counts(on_clash: str, clash: Clash) -> bool:
    """Whether a rule does something about a clash by itself: about a typically busy time only one
    that says so."""
    return clash.blocks and (on_clash == OnClash.SKIP_BUSY or not clash.typical)


def _against(
    diary: SharedDiary, day: date | None, series: TouchpointSeries | None = None
) -> list[Clash]:
    """What speaks against a day; by the rule of a series, if given."""
    if day is None:
        return []
    return [
        each
        for each in diary.clashes_on(day)
        if each.blocks and (series is None or counts(series.on_clash, each))
    ]
