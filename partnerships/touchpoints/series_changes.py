"""What a change of a series comes to, date by date: worked out to be shown, and again to be saved.

Here: which touchpoint stands for which new date, what is added and what is left over, and what the
dates clash with. Not here: carrying it out (`services.series_changes`). Reads, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils import timezone

from calendars.clashes import Clash
from calendars.london import at_wall_clock, day_in_words, in_london, london_day, today
from calendars.series import OnClash as Clashing
from calendars.series import Planned, SeriesError, first_on_weekday, ideal_days, reach_of, settled
from calendars.slots import terms_of
from organisations.actor import Actor
from partnerships.diary.selectors import SharedDiary, diary_of
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries, TouchpointState
from partnerships.touchpoints.plans import Plan, checked_plan
from partnerships.touchpoints.selectors import taken_days
from partnerships.touchpoints.series_matching import matched
from partnerships.touchpoints.series_plans import (
    MOST_OF_A_SERIES,
    RULE,
    Dated,
    SeriesPlan,
    plan_of,
)
from partnerships.touchpoints.series_selectors import SKIPPING, counts, left_out_of, touchpoints_in

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A touchpoint that stays, perhaps on another day or with another plan."""

    touchpoint: Touchpoint
    ideal: date
    plan: Plan
    reminder_minutes: list[int]

    @property
    def day(self) -> date:
        """The day on which people will meet."""
        return london_day(self.plan.starts_at)

    @property
    def moves(self) -> bool:
        """Whether it takes place at another time than before."""
        return self.plan.starts_at != self.touchpoint.starts_at


@dataclass(frozen=True, slots=True)
class SeriesChange:
    """What becomes of each date that is still to come.

    `apart` have a plan of their own, or another organisation's: they stay as they are.
    """

    plan: SeriesPlan
    kept: list[Kept]
    added: list[Dated]
    cancelled: list[Touchpoint]
    apart: list[Touchpoint]
    fingerprint: str
    diary: SharedDiary = field(repr=False)

    def against(self, day: date) -> list[Clash]:
        """What speaks against a day."""
        return [each for each in self.diary.clashes_on(day) if each.blocks]

    def counts(self, clash: Clash) -> bool:
        """Whether the rule does something about it."""
        return counts(self.plan.on_clash, clash)


def work_out(
    actor: Actor, series: TouchpointSeries, plan: SeriesPlan, *, since: date | None = None
) -> SeriesChange:
    """What becomes of the dates to come, from the rule's day `since` on, by another plan.

    As long as the rule stays, so do the days; a later end adds dates, an earlier one leaves some
    over. By another rule the dates are matched with the new days in their order. What was left out
    stays left out. A fixed number of statements. Raises ValidationError, keyed by field.
    """
    plan = _begun_in_the_same_week(series, plan)
    scope = _Scope.of(actor, series, plan, since)
    if all(getattr(plan, name) == getattr(series, name) for name in RULE):
        pairs, added, left = _on_the_same_days(scope)
    else:
        pairs, added, left = _by_another_rule(scope)
    if not pairs and not added:
        raise ValidationError(
            {"last_on": "That leaves no date to come. To stop meeting, end the series instead"}
        )
    if len(pairs) + len(added) > MOST_OF_A_SERIES:
        raise ValidationError(
            {"last_on": f"{MOST_OF_A_SERIES} dates to come are the most. Choose an earlier end"}
        )
    kept = [
        Kept(touchpoint, dated.ideal, _planned(plan, dated.day), plan.reminder_minutes)
        for touchpoint, dated in pairs
    ]
    for dated in added:
        _planned(plan, dated.day)
    return _change(scope, kept, added, left)


def work_out_settling(actor: Actor, series: TouchpointSeries) -> SeriesChange:
    """What becomes of dates to come on days that no longer suit, by the rule's own word.

    Each is settled from the day that the rule gave it; the others stay where they are.
    """
    scope = _Scope.of(actor, series, plan_of(series), None)
    blocked = [each for each in scope.own if scope.clashes_on(london_day(each.starts_at))]
    others = {london_day(each.starts_at) for each in scope.own if each not in blocked}
    found = scope.settled([_ideal(each) for each in blocked], others)
    kept, left = [], []
    for touchpoint, planned in zip(blocked, found, strict=True):
        if planned.left_out:
            left.append(touchpoint)
        elif planned.day != london_day(touchpoint.starts_at):
            kept.append(_moved(touchpoint, planned))
    return _change(scope, kept, [], left)


def _begun_in_the_same_week(series: TouchpointSeries, plan: SeriesPlan) -> SeriesPlan:
    """The plan with another weekday in the week in which the series began: the first date decides
    which fortnight, or which week of the month or half term, it is."""
    if not (series.every and plan.every) or plan.weekday in (None, series.weekday):
        return plan
    first = first_on_weekday(series.first_on, series.weekday)
    return replace(plan, first_on=first + _ONE_DAY * (plan.weekday - first.weekday()))


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a change is worked out from: the dates it is about, the others, and the diary."""

    series: TouchpointSeries
    plan: SeriesPlan
    dates: list[Touchpoint]
    own: list[Touchpoint]
    since: date | None
    diary: SharedDiary

    @classmethod
    def of(
        cls, actor: Actor, series: TouchpointSeries, plan: SeriesPlan, since: date | None
    ) -> _Scope:
        dates = touchpoints_in(series)
        own = sorted((each for each in dates if _follows(actor, series, each, since)), key=_ideal)
        days = [london_day(each.starts_at) for each in dates]
        first, last = min([plan.first_on, *days]), max([plan.last_on, series.last_on, *days])
        diary = diary_of(actor, series.partnership, first, last)
        elsewhere = taken_days(actor, series.partnership, first, last, but=own)
        own_days = {london_day(each.starts_at) for each in own}
        taken = (diary.taken - own_days) | elsewhere
        return cls(series, plan, dates, own, since, replace(diary, taken=frozenset(taken)))

    def clashes_on(self, day: date) -> bool:
        """Whether the series as it is kept does something about a day."""
        return any(counts(self.series.on_clash, each) for each in self.diary.clashes_on(day))

    def settled(self, ideals: Sequence[date], besides: Iterable[date] = ()) -> list[Planned]:
        """What the plan makes of its ideal days, none of them earlier than tomorrow."""
        if not ideals:
            return []
        first = min(max(today() + _ONE_DAY, ideals[0] - timedelta(days=7)), ideals[0])
        return settled(
            self.plan.rule,
            ideals,
            (first, max(self.plan.last_on, ideals[-1])),
            self.diary.calendars,
            shared=self.diary.shared,
            same_weekday=self.plan.weekday is not None,
            taken=self.diary.taken | frozenset(besides),
            on_clash=Clashing(self.plan.on_clash),
        )

    def ideals(self, after: date) -> list[date]:
        """The days that the plan's rule gives after a day."""
        try:
            found = ideal_days(
                self.plan.rule,
                self.plan.first_on,
                self.plan.last_on,
                terms=terms_of(self.diary.calendars),
                weekday=self.plan.weekday,
            )
        except SeriesError as problem:
            raise ValidationError({"last_on": str(problem)}) from problem
        return [day for day in found if day > after and not self._is_past(day)]

    def _is_past(self, day: date) -> bool:
        return day < today() or (
            day == today() and at_wall_clock(day, self.plan.at) <= timezone.now()
        )


Pairs = list[tuple[Touchpoint, Dated]]
Worked = tuple[Pairs, list[Dated], list[Touchpoint]]


def _on_the_same_days(scope: _Scope) -> Worked:
    """The rule stays: dates keep their days, and only the last day adds or leaves over."""
    last = scope.plan.last_on
    stay = [each for each in scope.own if _ideal(each) <= last]
    left = [each for each in scope.own if _ideal(each) > last]
    new = scope.settled(scope.ideals(scope.series.last_on)) if last > scope.series.last_on else []
    pairs = [(each, Dated(_ideal(each), london_day(each.starts_at))) for each in stay]
    return pairs, _dated(new), left


def _by_another_rule(scope: _Scope) -> Worked:
    """Another rule: its days from where the dates begin that it is to hold for."""
    others = [
        each
        for each in scope.dates
        if each not in scope.own and each.state != TouchpointState.CANCELLED
    ]
    ideals = _uncovered_by(others, scope.ideals(_last_before(scope, others)), scope)
    new = _dated(scope.settled(ideals))
    pairs = matched([_ideal(each) for each in scope.own], [dated.ideal for dated in new])
    stay = {mine for mine, _ in pairs}
    taken = {theirs for _, theirs in pairs}
    return (
        [(scope.own[mine], new[theirs]) for mine, theirs in pairs],
        [dated for place, dated in enumerate(new) if place not in taken],
        [each for place, each in enumerate(scope.own) if place not in stay],
    )


def _last_before(scope: _Scope, others: Sequence[Touchpoint]) -> date:
    """The day after which the new rule holds: in the week of the first date it is to hold for,
    and after the one before."""
    start = _ideal(scope.own[0]) if scope.own else scope.since or today()
    before = [_ideal(each) for each in others if _ideal(each) < start]
    week = start - _ONE_DAY * (start.weekday() + 1)
    return max([week, *before])


def _uncovered_by(
    others: Sequence[Touchpoint], ideals: Sequence[date], scope: _Scope
) -> list[date]:
    """The days of the rule without those for which another date stands, and without those that
    were left out on purpose."""
    out = set(left_out_of(scope.series, scope.dates, scope.diary))
    if scope.series.on_clash in SKIPPING and scope.series.on_clash != scope.plan.on_clash:
        out = {day for day in out if not scope.clashes_on(day)}
    free = [day for day in ideals if day not in out]
    for each in others:
        if _ideal(each) in free:
            free.remove(_ideal(each))
            continue
        day = london_day(each.starts_at)
        near = min(free, key=lambda other: abs((other - day).days), default=None)
        if near is not None and abs((near - day).days) <= reach_of(scope.plan.rule):
            free.remove(near)
    return free


def _follows(
    actor: Actor, series: TouchpointSeries, touchpoint: Touchpoint, since: date | None
) -> bool:
    """Whether a change of the series is to hold for one of its dates."""
    return (
        is_coming(touchpoint)
        and not touchpoint.detached
        and touchpoint.author_organisation_id
        in (series.author_organisation_id, actor.organisation_id)
        and (since is None or _ideal(touchpoint) >= since)
    )


def is_coming(touchpoint: Touchpoint) -> bool:
    """Whether it can still be changed."""
    return touchpoint.state == TouchpointState.SCHEDULED and not touchpoint.has_begun


def _ideal(touchpoint: Touchpoint) -> date:
    assert touchpoint.ideal_on is not None
    return touchpoint.ideal_on


def _dated(planned: Iterable[Planned]) -> list[Dated]:
    return [Dated(each.ideal, each.day) for each in planned if not each.left_out]


def _planned(plan: SeriesPlan, day: date) -> Plan:
    try:
        return checked_plan(date=day, **plan.of_each())
    except ValidationError as refusal:
        words = f"{day_in_words(day)}: {' '.join(refusal.messages)}"
        raise ValidationError({"time": words}) from refusal


def _moved(touchpoint: Touchpoint, planned: Planned) -> Kept:
    """The touchpoint as it is, on the day that suits."""
    plan = checked_plan(
        kind=touchpoint.kind,
        date=planned.day,
        time=in_london(touchpoint.starts_at).time(),
        minutes=touchpoint.minutes,
        venue=touchpoint.venue,
        agenda=touchpoint.agenda,
    )
    return Kept(touchpoint, planned.ideal, plan, touchpoint.reminder_minutes)


def _change(
    scope: _Scope, kept: list[Kept], added: list[Dated], cancelled: list[Touchpoint]
) -> SeriesChange:
    what = [
        plan_of(scope.series),
        scope.plan,
        [(each.touchpoint.ref, each.touchpoint.revision, each.ideal, each.plan) for each in kept],
        added,
        [(each.ref, each.revision) for each in cancelled],
    ]
    apart = [
        each
        for each in scope.dates
        if is_coming(each)
        and each not in scope.own
        and (scope.since is None or _ideal(each) >= scope.since)
    ]
    fingerprint = sha256(repr(what).encode()).hexdigest()[:20]
    return SeriesChange(scope.plan, kept, added, cancelled, apart, fingerprint, scope.diary)
