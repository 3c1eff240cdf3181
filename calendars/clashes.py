"""What a day clashes with, for whom, in words; nothing is ever forbidden.

Here: the reasons for and against one day, and the days on which each organisation is blocked.
Not here: which day to take instead (`calendars.slots`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from calendars.constraints import ALL, Constraint, Effect, OrganisationCalendar
from calendars.london import day_in_words, weekday_in_words
from calendars.terms import HalfTerm, TermSource, half_terms_between, holiday_on, typical_terms
from calendars.working_days import bank_holiday_on, bank_holidays
from calendars.years import AcademicYear, plain_day
from organisations.models import Kind, Sector

EVERYONE = "Everyone"
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
# How many organisations are named before the rest are counted.
_NAMED = 3

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Clash:
    """One reason for or against a day. `sector` is None when it holds for both sides."""

    who: str
    sector: Sector | None
    words: str
    effect: Effect
    phase: str = ALL
    # What it is, in a few words: "NHS winter peak".
    name: str = ""
    # A pattern of other years, like the NHS winter peak, which nobody has published or stated.
    typical: bool = False

    @property
    def blocks(self) -> bool:
        """Whether it speaks against the day, rather than adding something to keep in mind."""
        return self.effect is Effect.BLOCKS


def days_in_words(first: date, last: date) -> str:
    """Days as people write them.

    >>> days_in_words(date(2027, 5, 10), date(2027, 5, 13))
    '10 to 13 May 2027'
    >>> days_in_words(date(2026, 12, 21), date(2027, 1, 3))
    '21 December 2026 to 3 January 2027'
    """
    if first == last:
        return day_in_words(first)
    written = day_in_words(first)
    if first.year == last.year:
        written = written.removesuffix(f" {first.year}")
        if first.month == last.month:
            written = f"{first.day}"
    return f"{written} to {day_in_words(last)}"


def in_words(constraint: Constraint, *, kind: str = "") -> str:
    """A constraint as a head teacher reads it: what, for whom, when, how sure, what to do."""
    name = constraint.name
    if constraint.phase != ALL and kind != Kind.SCHOOL:
        name = f"{name}, for {constraint.phase} schools"
    written = f"{name}, {days_in_words(constraint.start, constraint.end)}"
    if constraint.standing is not None and not constraint.standing.is_certain:
        written = f"{written} ({constraint.standing.in_words})"
    return f"{written}: {_mid_sentence(constraint.advice)}" if constraint.advice else written


def _mid_sentence(text: str) -> str:
    """Without its capital, unless its first word is a name or an abbreviation."""
    word = text.split(maxsplit=1)[0]
    return text if word[1:] != word[1:].lower() else text[0].lower() + text[1:]


def clashes_on(
    day: date, calendars: Sequence[OrganisationCalendar], shared: Sequence[Constraint] = ()
) -> list[Clash]:
    """All that is to say about a day, heaviest first, each reason once with all it holds for.

    `shared` is what holds for all members: agreed quiet periods.
    """
    found: dict[_Reason, list[OrganisationCalendar]] = {}
    for calendar in calendars:
        for reason in _for_one(plain_day(day), calendar):
            found.setdefault(reason, []).append(calendar)
    said = list(_for_everyone(day, shared))
    for reason in sorted(found, key=lambda reason: reason.weight):
        who = found[reason]
        sectors = {each.sector for each in who}
        said.append(
            Clash(
                who=names_of(who, calendars),
                sector=sectors.pop() if len(sectors) == 1 else None,
                words=reason.words,
                effect=reason.effect,
                phase=reason.phase,
                name=reason.name,
                typical=reason.typical,
            )
        )
    return sorted(said, key=lambda clash: list(Effect).index(clash.effect))


class _Reason(NamedTuple):
    """What one organisation has for or against a day, and what to sort it by."""

    name: str
    words: str
    effect: Effect
    phase: str = ALL
    weight: tuple[int, int, int] = (0, 0, 0)
    typical: bool = False


def _for_everyone(day: date, shared: Sequence[Constraint]) -> Iterator[Clash]:
    """What needs no calendar: the weekend, bank holidays, quiet periods."""
    if day.weekday() >= _SATURDAY:
        name = weekday_in_words(day).split()[0]
        words = f"{day_in_words(day)} is a {name}"
        yield Clash(EVERYONE, None, words, Effect.BLOCKS, name=name)
    holiday = bank_holiday_on(day)
    if holiday is not None:
        words = f"{holiday.name}, {day_in_words(day)}: a bank holiday"
        yield Clash(EVERYONE, None, words, Effect.BLOCKS, name=holiday.name)
    for each in shared:
        if each.on(day):
            yield Clash(EVERYONE, None, in_words(each), each.effect, name=each.name)


def _for_one(day: date, calendar: OrganisationCalendar) -> Iterator[_Reason]:
    """The reasons of one organisation."""
    if calendar.terms is not None:
        holiday = holiday_on(day, calendar.terms)
        if holiday is not None:
            name = holiday.name[0].upper() + holiday.name[1:]
            words = f"{name}, {days_in_words(holiday.start, holiday.end)}"
            note = _typical_note(day, calendar.terms)
            yield _Reason(name, f"{words}{note}", Effect.BLOCKS)
        if day in calendar.inset_days:
            words = f"Staff training day, {day_in_words(day)}: closed to pupils"
            yield _Reason("Staff training day", words, Effect.BLOCKS)
    for each in calendar.constraints:
        if each.on(day) and each.effect is not Effect.BACKGROUND:
            words = in_words(each, kind=calendar.kind)
            yield _Reason(each.name, words, each.effect, each.phase, each.weight, each.is_typical)


def _typical_note(day: date, terms: TermSource) -> str:
    """Says so when nobody has given the dates of that school year."""
    year = AcademicYear.of(day)
    typical = terms(year) is typical_terms(year)
    return " (typical dates: the school’s own may differ)" if typical else ""


def names_of(who: Sequence[OrganisationCalendar], among: Sequence[OrganisationCalendar]) -> str:
    """Some organisations among others: by name, all of one side, or some and how many more."""
    if len(who) > _NAMED:
        if len(who) == len(among):
            return EVERYONE
        sectors = {each.sector for each in who}
        if len(sectors) == 1:
            (sector,) = sectors
            if len(who) == sum(each.sector == sector for each in among):
                return "Every school and trust" if sector == Sector.SCHOOL else "Every health side"
    names = [each.name for each in who]
    if len(names) > _NAMED:
        more = len(names) - _NAMED + 1
        names = [*names[: _NAMED - 1], f"{more} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def blocked_spans(
    calendars: Sequence[OrganisationCalendar],
    first: date,
    last: date,
    shared: Sequence[Constraint] = (),
    *,
    typical: bool = True,
) -> Iterator[Days]:
    """Spans of days, both ends included, on which somebody is blocked. They may overlap.

    `typical`: by what is merely typical too.
    """
    yield from _weekends(first, last)
    for year in range(first.year, last.year + 1):
        for holiday in bank_holidays(year):
            yield holiday.day, holiday.day
    for each in shared:
        if each.effect is Effect.BLOCKS:
            yield each.start, each.end
    seen: set[object] = set()
    for calendar in calendars:
        if calendar.terms is not None and calendar.terms not in seen:
            seen.add(calendar.terms)
            yield from _holidays(list(half_terms_between(first, last, calendar.terms)), first, last)
        for day in calendar.inset_days:
            yield day, day
        for each in calendar.constraints:
            if each.effect is Effect.BLOCKS and (typical or not each.is_typical):
                yield each.start, each.end


def _weekends(first: date, last: date) -> Iterator[Days]:
    saturday = first + _ONE_DAY * ((_SATURDAY - first.weekday()) % 7)
    if first.weekday() > _SATURDAY:
        yield first, first
    while saturday <= last:
        yield saturday, saturday + _ONE_DAY
        saturday += 7 * _ONE_DAY


def _holidays(half_terms: Sequence[HalfTerm], first: date, last: date) -> Iterator[Days]:
    """The days between two that are in none of the half terms."""
    free_from = first
    for half in half_terms:
        if half.start > free_from:
            yield free_from, half.start - _ONE_DAY
        free_from = max(free_from, half.end + _ONE_DAY)
    if free_from <= last:
        yield free_from, last


def blocked_days(
    calendars: Sequence[OrganisationCalendar],
    first: date,
    last: date,
    shared: Sequence[Constraint] = (),
    *,
    typical: bool = True,
) -> set[date]:
    """Every day from `first` to `last`, both included, on which somebody is blocked.

    `typical`: by what is merely typical too.
    """
    length = (last - first).days + 1
    # One byte a day, filled span by span: members by hundreds of days would be asked otherwise.
    days = bytearray(max(length, 0))
    for start, end in blocked_spans(calendars, first, last, shared, typical=typical):
        begin, stop = max((start - first).days, 0), min((end - first).days + 1, length)
        if begin < stop:
            days[begin:stop] = b"\x01" * (stop - begin)
    return {first + _ONE_DAY * number for number, taken in enumerate(days) if taken}
