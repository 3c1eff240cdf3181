"""Whether half terms and staff training days can be: what is checked before they are kept.

Pure; every problem says which row it is about and what to do. The database stands behind: it
takes no spans that overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple, Protocol

from calendars.london import day_in_words, weekday_in_words
from calendars.terms import HalfTerm
from calendars.working_days import bank_holiday_on
from calendars.years import AcademicYear

MOST_ROWS = 12
LONGEST_NAME = 40
MOST_INSET_DAYS = 15
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
# Leicestershire's schools begin in August.
_BEFORE_THE_YEAR = timedelta(days=31)
# Staff training may be in the week before pupils come, or after they have left.
_NEXT_TO_TERM = timedelta(days=7)


class Row(Protocol):
    """A half term as it is given: its name, its first and its last day."""

    @property
    def name(self) -> str: ...
    @property
    def start(self) -> date: ...
    @property
    def end(self) -> date: ...


class TermRow(NamedTuple):
    """A half term as it is given, whether or not it can be."""

    name: str
    start: date
    end: date


class Problem(NamedTuple):
    """What is wrong with a row: its place among those given, which part of it, and in words."""

    place: int
    part: str
    words: str


def problems_of(rows: Sequence[Row], year: AcademicYear) -> list[Problem]:
    """Everything that keeps these rows from being the half terms of a year."""
    found = [problem for place, row in enumerate(rows) for problem in _alone(place, row, year)]
    found += _names_twice(rows)
    if found:
        return found
    # In order of time, whatever order they were given in.
    in_order = sorted(range(len(rows)), key=lambda place: (rows[place].start, rows[place].end))
    for before, after in pairwise(in_order):
        earlier, later = rows[before], rows[after]
        if later.start <= earlier.end:
            words = (
                f"{later.name} begins on {day_in_words(later.start)}, before {earlier.name} has "
                f"ended on {day_in_words(earlier.end)}. Terms cannot overlap"
            )
            found.append(Problem(after, "start", words))
    return found


def _alone(place: int, row: Row, year: AcademicYear) -> list[Problem]:
    if row.end < row.start:
        words = (
            f"{row.name} ends on {day_in_words(row.end)}, before it begins on "
            f"{day_in_words(row.start)}. Check both dates and their years"
        )
        return [Problem(place, "end", words)]
    earliest = year.start - _BEFORE_THE_YEAR
    for part, day, verb in (("start", row.start, "begins"), ("end", row.end, "ends")):
        if not earliest <= day <= year.end:
            words = (
                f"{row.name} {verb} on {day_in_words(day)}, outside the school year {year}. "
                f"It must be between {day_in_words(earliest)} and {day_in_words(year.end)}"
            )
            return [Problem(place, part, words)]
    return []


def _names_twice(rows: Sequence[Row]) -> list[Problem]:
    seen: set[str] = set()
    found = []
    for place, row in enumerate(rows):
        name = row.name.casefold()
        if name in seen:
            words = f"Two half terms are called {row.name}. Give each a name of its own"
            found.append(Problem(place, "name", words))
        seen.add(name)
    return found


def in_order(rows: Iterable[Row]) -> list[TermRow]:
    """The rows in order of time."""
    plain = (TermRow(row.name.strip(), row.start, row.end) for row in rows)
    return sorted(plain, key=lambda row: (row.start, row.end))


def problem_of_inset_day(
    day: date, half_terms: Sequence[HalfTerm | TermRow], year: AcademicYear
) -> str:
    """Why staff cannot be trained on a day, in words; empty when they can."""
    if day.weekday() >= _SATURDAY:
        return f"{weekday_in_words(day)} is no school day: staff training is on a weekday"
    holiday = bank_holiday_on(day)
    if holiday is not None:
        return f"{day_in_words(day)} is a bank holiday ({holiday.name})"
    if not any(
        half.start - _NEXT_TO_TERM <= day <= half.end + _NEXT_TO_TERM for half in half_terms
    ):
        return (
            f"{day_in_words(day)} is not in term or in the week before or after it, in {year}. "
            "Check the date and its year"
        )
    return ""
