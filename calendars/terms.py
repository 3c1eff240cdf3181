"""Terms, half terms and school holidays, and a day's place in both years.

Here: the types, the dates of any organisation's school year, week counting, school days,
and "Summer 1, week 3 · Q1 2027/28". Not here: where dates come from. Typical England
dates are in `calendars.typical_terms`; an organisation's own dates are given by passing
its own `TermSource`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from calendars.status import Standing
from calendars.typical_terms import HalfTermDates, typical_half_terms
from calendars.working_days import bank_holiday_on
from calendars.years import AcademicYear, Quarter, plain_day

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
# Leicestershire's schools begin before September; no school begins before August.
_EARLIEST_START = timedelta(days=31)

HALF_TERM_HOLIDAY = "Half term holiday"
SUMMER_HOLIDAY = "Summer holiday"
TYPICAL_NOTE = "Typical dates for England: academies and some councils differ."
_BETWEEN_TERMS = {
    ("Autumn", "Spring"): "Christmas holiday",
    ("Spring", "Summer"): "Easter holiday",
}


class TermDatesError(ValueError):
    """Term dates that cannot be; the text says what to change."""


@dataclass(frozen=True, order=True, slots=True)
class HalfTerm:
    """Half a term: first and last school day, both included."""

    start: date
    end: date
    name: str
    standing: Standing = Standing.PUBLISHED

    def __post_init__(self) -> None:
        if plain_day(self.end) < plain_day(self.start):
            raise TermDatesError(f"{self.name} ends before it begins. Check its two dates.")

    @property
    def term(self) -> str:
        """The term it is half of: "Summer" for "Summer 1"."""
        return self.name.rstrip("0123456789 ") or self.name

    def contains(self, day: date) -> bool:
        """Whether `day`, a weekend included, lies between its first and last day."""
        return self.start <= plain_day(day) <= self.end

    def week_of(self, day: date) -> int:
        """Which week of the half term `day` is in, weeks beginning on Monday, from 1."""
        return (_monday(day) - _monday(self.start)).days // 7 + 1

    @property
    def weeks(self) -> int:
        """How many weeks, counting a part as one."""
        return self.week_of(self.end)


@dataclass(frozen=True, order=True, slots=True)
class Term:
    """A whole term: its half terms and from when to when it runs."""

    start: date
    end: date
    name: str
    half_terms: tuple[HalfTerm, ...]


@dataclass(frozen=True, order=True, slots=True)
class SchoolHoliday:
    """Days between half terms, weekends included."""

    start: date
    end: date
    name: str

    def contains(self, day: date) -> bool:
        """Whether `day` is in the holiday."""
        return self.start <= plain_day(day) <= self.end


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """The half terms of one academic year, in order and not overlapping.

    Raises TermDatesError when they overlap or lie outside the year.
    """

    year: AcademicYear
    half_terms: tuple[HalfTerm, ...]

    def __post_init__(self) -> None:
        if not self.half_terms:
            raise TermDatesError(f"Give at least one term of {self.year}.")
        for before, after in pairwise(self.half_terms):
            if after.start <= before.end:
                raise TermDatesError(
                    f"{after.name} begins before {before.name} has ended. Check their dates."
                )
        earliest = self.year.start - _EARLIEST_START
        if self.half_terms[0].start < earliest or self.half_terms[-1].end > self.year.end:
            raise TermDatesError(
                f"A term lies outside {self.year}, which ends on 31 August. Check the years."
            )

    @property
    def standing(self) -> Standing:
        """The least certain standing of its half terms."""
        order = list(Standing)
        return max((half.standing for half in self.half_terms), key=order.index)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Its terms, each made of the half terms that share its name."""
        found: dict[str, list[HalfTerm]] = {}
        for half in self.half_terms:
            found.setdefault(half.term, []).append(half)
        return tuple(
            Term(halves[0].start, halves[-1].end, name, tuple(halves))
            for name, halves in found.items()
        )

    @property
    def holidays(self) -> tuple[SchoolHoliday, ...]:
        """The holidays between its half terms; the summer is between two years."""
        return tuple(
            SchoolHoliday(before.end + _ONE_DAY, after.start - _ONE_DAY, _holiday(before, after))
            for before, after in pairwise(self.half_terms)
            if before.end + _ONE_DAY < after.start
        )


TermSource = Callable[[AcademicYear], SchoolYear]


def _monday(day: date) -> date:
    return day - _ONE_DAY * plain_day(day).weekday()


def _holiday(before: HalfTerm, after: HalfTerm) -> str:
    if before.term == after.term:
        return HALF_TERM_HOLIDAY
    return _BETWEEN_TERMS.get((before.term, after.term), "School holiday")


@lru_cache(maxsize=512)
def typical_terms(year: AcademicYear) -> SchoolYear:
    """The school year most of England keeps; each half term says how sure that is.

    Show it with TYPICAL_NOTE until an organisation has given its own dates.
    """
    return SchoolYear(year, tuple(_half_term(dates) for dates in typical_half_terms(year)))


def _half_term(dates: HalfTermDates) -> HalfTerm:
    return HalfTerm(dates.start, dates.end, dates.name, dates.standing)


def half_terms_between(
    first: date, last: date, terms: TermSource = typical_terms
) -> Iterator[HalfTerm]:
    """Every half term with a day between `first` and `last`, both included, in order."""
    for year in AcademicYear.between(first, last + _EARLIEST_START):
        for half in terms(year).half_terms:
            if half.end >= first and half.start <= last:
                yield half


def half_term_on(day: date, terms: TermSource = typical_terms) -> HalfTerm | None:
    """The half term `day` lies in, or None in a school holiday."""
    return next(half_terms_between(day, day, terms), None)


def holiday_on(day: date, terms: TermSource = typical_terms) -> SchoolHoliday | None:
    """The school holiday `day` lies in, or None in term."""
    if half_term_on(day, terms):
        return None
    year = AcademicYear.of(day)
    for holiday in terms(year).holidays:
        if holiday.contains(day):
            return holiday
    if day < terms(year).half_terms[0].start:
        year = year.previous
    return SchoolHoliday(
        terms(year).half_terms[-1].end + _ONE_DAY,
        terms(year.next).half_terms[0].start - _ONE_DAY,
        SUMMER_HOLIDAY,
    )


def is_school_day(
    day: date, terms: TermSource = typical_terms, closed: Collection[date] = ()
) -> bool:
    """Whether pupils are in: a weekday in term, no bank holiday, not in `closed` (INSET days)."""
    return (
        plain_day(day).weekday() < _SATURDAY
        and day not in closed
        and bank_holiday_on(day) is None
        and half_term_on(day, terms) is not None
    )


@dataclass(frozen=True, slots=True)
class PlaceInYears:
    """Where a day stands in the school year and in the NHS year."""

    day: date
    academic_year: AcademicYear
    quarter: Quarter
    half_term: HalfTerm | None
    holiday: SchoolHoliday | None
    standing: Standing

    @property
    def in_school_year(self) -> str:
        """Like "Summer 1, week 3", "Easter holiday"."""
        if self.half_term:
            return f"{self.half_term.name}, week {self.half_term.week_of(self.day)}"
        return self.holiday.name if self.holiday else "School holiday"

    def __str__(self) -> str:
        return f"{self.in_school_year} · {self.quarter}"


def place_of(day: date, terms: TermSource = typical_terms) -> PlaceInYears:
    """The place of `day` in both years, with how sure its school dates are."""
    half, year = half_term_on(day, terms), AcademicYear.of(day)
    return PlaceInYears(
        day=day,
        academic_year=year,
        quarter=Quarter.of(day),
        half_term=half,
        holiday=None if half else holiday_on(day, terms),
        standing=half.standing if half else terms(year).standing,
    )


def place_in_years(day: date, terms: TermSource = typical_terms) -> str:
    """The place of `day` in both years, for people.

    >>> place_in_years(date(2027, 4, 28)), place_in_years(date(2027, 3, 29))
    ('Summer 1, week 3 · Q1 2027/28', 'Easter holiday · Q4 2026/27')
    >>> place_in_years(date(2026, 10, 28))
    'Half term holiday · Q3 2026/27'
    """
    return str(place_of(day, terms))
