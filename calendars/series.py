"""A series of days, "every half term from September", with clashes resolved.

Here: the rules, the ideal days they give, and what becomes of one that does not suit everyone:
moved to the nearest that does, left out, or kept all the same. Every ideal day leads to exactly one
planned day; with no clear day near it, it stays and says what it clashes with. Not here: saving any
of it.

Recurrence rules of calendar programs (RFC 5545, RRULE) are read too, as far as meetings need them.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise, takewhile

from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, rrule, rrulestr

from calendars.clashes import EVERYONE, Clash, blocked_days, clashes_on
from calendars.constraints import Constraint, Effect, OrganisationCalendar
from calendars.london import day_in_words
from calendars.slots import terms_of
from calendars.terms import HalfTerm, Term, TermSource, half_terms_between, typical_terms
from calendars.years import AcademicYear, plain_day

_ONE_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
# A weekly meeting for two years; who needs more plans again.
MOST = 110
_FOURTH_WEEK = 4


class SeriesError(ValueError):
    """A series that cannot be planned; the text says what to change."""


class Every(enum.StrEnum):
    """How often."""

    HALF_TERM = "half_term"
    TERM = "term"
    MONTH = "month"
    FORTNIGHT = "fortnight"
    WEEK = "week"

    @property
    def in_words(self) -> str:
        """For people.

        >>> Every.FORTNIGHT.in_words
        'every two weeks'
        """
        return _EVERY_IN_WORDS[self]


_EVERY_IN_WORDS = {
    Every.HALF_TERM: "every half term",
    Every.TERM: "every term",
    Every.MONTH: "every month",
    Every.FORTNIGHT: "every two weeks",
    Every.WEEK: "every week",
}
# How many days a date may move to find a clear one; never past its neighbours in the series.
_REACH = {
    Every.HALF_TERM: 21,
    Every.TERM: 28,
    Every.MONTH: 14,
    Every.FORTNIGHT: 6,
    Every.WEEK: 3,
}
_REACH_OF_A_RULE = 3


class OnClash(enum.StrEnum):
    """What becomes of a day that does not suit everyone."""

    MOVE = "move"
    SKIP = "skip"
    # In typically busy times too.
    SKIP_BUSY = "busy"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Planned:
    """One date of a series: the day the rule gives, the day chosen, and why that is another.

    `clashes` are those of the chosen day: cautions, and what blocks it when no clear day was near.
    `left_out`: nobody meets, because of them; the day is the rule's.
    """

    ideal: date
    day: date
    moved_because: str
    clashes: tuple[Clash, ...]
    left_out: bool = False

    @property
    def moved(self) -> bool:
        """Whether another day than the ideal one was chosen."""
        return self.day != self.ideal

    @property
    def is_clear(self) -> bool:
        """Whether nobody is blocked on the chosen day by more than what is merely typical."""
        return not any(clash.blocks and not clash.typical for clash in self.clashes)


def ideal_days(
    rule: Every | str,
    first: date,
    last: date,
    *,
    terms: TermSource = typical_terms,
    weekday: int | None = None,
) -> list[date]:
    """The days a rule gives from `first` to `last`, both included, whatever they clash with.

    The first of a week, fortnight or month decides the weekday unless `weekday` (Monday is 0)
    does; of half terms and terms, also the week: begun in the third week of a half term, a series
    goes on in the third week of each.

    >>> [str(day) for day in ideal_days(Every.MONTH, date(2027, 1, 20), date(2027, 3, 31))]
    ['2027-01-20', '2027-02-17', '2027-03-17']

    Raises SeriesError for days in the wrong order, a rule that is none, and too many dates.
    """
    if plain_day(last) < plain_day(first):
        raise SeriesError("The series ends before it begins. Check its two dates.")
    if not isinstance(rule, Every):
        days: Iterable[date] = _by_rrule(rule, first, last)
    elif rule is Every.HALF_TERM:
        days = _in_each(list(half_terms_between(first, last, terms)), first, weekday)
    elif rule is Every.TERM:
        days = _in_each(_terms_between(first, last, terms), first, weekday)
    elif rule is Every.MONTH:
        days = _monthly(first_on_weekday(first, weekday), last)
    else:
        days = _stepping(
            first_on_weekday(first, weekday), last, _WEEK * (2 if rule is Every.FORTNIGHT else 1)
        )
    found: list[date] = []
    for day in days:
        if len(found) == MOST:
            raise SeriesError(
                f"That is more than {MOST} dates. Choose an earlier end, or meet less often."
            )
        if first <= day <= last:
            found.append(day)
    return found


def first_on_weekday(first: date, weekday: int | None) -> date:
    """The first such weekday from a day on; the day itself without one."""
    return first if weekday is None else first + _ONE_DAY * ((weekday - first.weekday()) % 7)


def _stepping(first: date, last: date, step: timedelta) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += step


def _monthly(first: date, last: date) -> Iterator[date]:
    """The same weekday of each month, as its second Tuesday; a fifth becomes the last."""
    nth = (first.day - 1) // 7 + 1
    on = _WEEKDAYS[first.weekday()](nth if nth <= _FOURTH_WEEK else -1)
    moments = rrule(
        MONTHLY, byweekday=on, dtstart=datetime.combine(first, time()), until=_until(last)
    )
    return (moment.date() for moment in moments)


def _until(last: date) -> datetime:
    return datetime.combine(last, time())


def _terms_between(first: date, last: date, terms: TermSource) -> list[Term]:
    return [
        term
        for year in AcademicYear.between(first, last + timedelta(days=31))
        for term in terms(year).terms
        if term.end >= first and term.start <= last
    ]


def _in_each(spans: Sequence[HalfTerm | Term], first: date, weekday: int | None) -> Iterator[date]:
    """A day in each term: in the week in which the first is, or else in its first week."""
    if not spans:
        return
    on = first.weekday() if weekday is None else weekday
    begun = spans[0].start <= first
    weeks = (_monday(first) - _monday(spans[0].start)).days // 7 if begun else 0
    for span in spans:
        day = _monday(span.start) + _WEEK * weeks + _ONE_DAY * on
        day = max(day, first_on_weekday(span.start, on))
        while day > span.end and day - _WEEK >= span.start:
            day -= _WEEK
        if span is spans[0] and day < first:
            day += _WEEK
        yield max(min(day, span.end), first)


def _monday(day: date) -> date:
    return day - _ONE_DAY * day.weekday()


_DAY = "([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)"
# Each of these comes round again and again, so that no rule keeps a machine busy for nothing.
_ALLOWED = {
    "FREQ": re.compile("WEEKLY|MONTHLY"),
    "INTERVAL": re.compile("[1-9]|1[0-2]"),
    "COUNT": re.compile("[1-9][0-9]{0,2}"),
    "UNTIL": re.compile("[0-9]{8}(T[0-9]{6}Z?)?"),
    "WKST": re.compile("MO|SU"),
    "BYDAY": re.compile(f"{_DAY}(,{_DAY})*"),
    "BYMONTHDAY": re.compile("-?([1-9]|1[0-9]|2[0-8])"),
}
_NO_RULE = (
    "This repeat is not understood. Write it like FREQ=MONTHLY;BYDAY=2TU, "
    "weekly or monthly, by weekday or by a day of the month up to 28."
)


def _by_rrule(text: str, first: date, last: date) -> Iterator[date]:
    """The days of an RRULE, as far as it is one of meetings."""
    parts = rule_parts(text)
    try:
        moments = rrulestr(
            ";".join(f"{name}={value}" for name, value in parts.items()),
            dtstart=datetime.combine(first, time()),
        )
    except (ValueError, OverflowError):
        raise SeriesError(_NO_RULE) from None
    return takewhile(lambda day: day <= last, (moment.date() for moment in moments))


def rule_parts(text: str) -> dict[str, str]:
    """What an RRULE says, by name; raises SeriesError for one that is not of meetings."""
    written = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    parts = dict(part.partition("=")[::2] for part in written.split(";"))
    weekly = parts.get("FREQ") == "WEEKLY"
    if (
        "FREQ" not in parts
        or any(
            name not in _ALLOWED or not _ALLOWED[name].fullmatch(value)
            for name, value in parts.items()
        )
        or {"COUNT", "UNTIL"} <= parts.keys()
        or {"BYDAY", "BYMONTHDAY"} <= parts.keys()
        # The second Tuesday of a week, or its 15th day.
        or (weekly and ("BYMONTHDAY" in parts or re.search("[0-9]", parts.get("BYDAY", ""))))
    ):
        raise SeriesError(_NO_RULE)
    if "UNTIL" in parts:
        # A series is of days: the time of day that programs write says nothing here.
        parts["UNTIL"] = parts["UNTIL"][:8]
    return parts


def series_dates(
    rule: Every | str,
    first: date,
    last: date,
    calendars: Sequence[OrganisationCalendar],
    *,
    shared: Sequence[Constraint] = (),
    weekday: int | None = None,
    taken: Collection[date] = (),
    on_clash: OnClash = OnClash.MOVE,
) -> list[Planned]:
    """One planned date for each ideal day of a rule, with its clashes resolved as `settled` does.

    With a `weekday` chosen, the same weekday of another week comes before another day, if the
    rule leaves room. The calendars must reach from `first` to `last`.

    Raises SeriesError as `ideal_days` does.
    """
    ideals = ideal_days(rule, first, last, terms=terms_of(calendars), weekday=weekday)
    return settled(
        rule,
        ideals,
        (first, last),
        calendars,
        shared=shared,
        same_weekday=weekday is not None,
        taken=taken,
        on_clash=on_clash,
    )


def settled(
    rule: Every | str,
    ideals: Sequence[date],
    within: tuple[date, date],
    calendars: Sequence[OrganisationCalendar],
    *,
    shared: Sequence[Constraint] = (),
    same_weekday: bool = False,
    taken: Collection[date] = (),
    on_clash: OnClash = OnClash.MOVE,
) -> list[Planned]:
    """What becomes of ideal days, in their order: one planned date for each.

    `taken` are days on which something else is planned. A date moves no further than the rule
    leaves room for, and never to or past its neighbours; one without a clear day stays. One that
    is left out keeps its day and says why. A date leaves a typically busy time, like the NHS winter
    peak, only for a clear day; by itself it leaves nothing out unless that was chosen.
    """
    first, last = within
    blocked = blocked_days(calendars, first, last, shared) | set(taken)
    firm = blocked_days(calendars, first, last, shared, typical=False) | set(taken)
    skipped = {OnClash.SKIP: firm, OnClash.SKIP_BUSY: blocked}.get(on_clash, set())
    reach = reach_of(rule) if on_clash is OnClash.MOVE else 0
    found: list[Planned] = []
    after = first - _ONE_DAY
    for ideal, following in pairwise([*ideals, last + _ONE_DAY]):
        near = [
            each
            for each in _near(ideal, reach, same_weekday=same_weekday)
            if after < each < following
        ]
        day = next((d for days in (blocked, firm) for d in near if d not in days), ideal)
        why = _reasons(ideal, calendars, shared, taken) if day != ideal else []
        left_out = ideal in skipped
        after = after if left_out else day
        found.append(
            Planned(
                ideal=ideal,
                day=day,
                moved_because="; ".join(f"{each.who}: {each.words}" for each in why if each.blocks),
                clashes=tuple(
                    each
                    for each in _reasons(day, calendars, shared, taken)
                    if each.effect is not Effect.OPPORTUNITY
                ),
                left_out=left_out,
            )
        )
    return found


def reach_of(rule: Every | str) -> int:
    """How many days a date of a rule may move to find a clear one."""
    return _REACH[rule] if isinstance(rule, Every) else _REACH_OF_A_RULE


def _near(ideal: date, reach: int, *, same_weekday: bool) -> Iterator[date]:
    """Days from the ideal one outwards, a later one before an earlier one as far away."""
    yield ideal
    weeks = range(7, reach + 1, 7) if same_weekday else ()
    for distance in (*weeks, *range(1, reach + 1)):
        yield ideal + _ONE_DAY * distance
        yield ideal - _ONE_DAY * distance


def _reasons(
    day: date,
    calendars: Sequence[OrganisationCalendar],
    shared: Sequence[Constraint],
    taken: Collection[date],
) -> list[Clash]:
    said = clashes_on(day, calendars, shared)
    if day in taken:
        words = f"something is planned on {day_in_words(day)} already"
        said.insert(0, Clash(EVERYONE, None, words, Effect.BLOCKS, name="Planned already"))
    return said
