"""Which days a planner shows: a year in either frame, a term, a quarter or a month.

Pure: what was asked for in the address, and the school's terms, become a window of days with its
weeks, its name, and where the windows before and after it are.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from calendars.london import day_in_words
from calendars.terms import TermSource, typical_terms
from calendars.years import AcademicYear, FinancialYear, Quarter

WEEK = timedelta(days=7)
ONE_DAY = timedelta(days=1)
# Years that anybody plans or looks back on; beyond, a number in an address is a slip.
_FIRST, _LAST = date(2001, 1, 1), date(2099, 12, 31)


class Frame(enum.StrEnum):
    """Which of the two years a year is."""

    ACADEMIC = "academic"
    FINANCIAL = "financial"

    @property
    def label(self) -> str:
        """As the planner offers it."""
        return {"academic": "School year", "financial": "NHS and council year"}[self]

    def year_of(self, day: date) -> AcademicYear | FinancialYear:
        """The year of this frame in which a day lies."""
        return AcademicYear.of(day) if self is Frame.ACADEMIC else FinancialYear.of(day)

    def parse(self, label: str) -> AcademicYear | FinancialYear:
        """Read "2026/27"; raises ValueError."""
        return (AcademicYear if self is Frame.ACADEMIC else FinancialYear).parse(label)


class View(enum.StrEnum):
    """How much of it is shown at a time."""

    YEAR = "year"
    TERM = "term"
    QUARTER = "quarter"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Window:
    """The days shown, both included. `before` and `after` are days of its neighbours."""

    view: View
    frame: Frame
    first: date
    last: date
    name: str
    spell: str
    before: date | None
    after: date | None

    @property
    def weeks(self) -> list[date]:
        """The Mondays of its weeks."""
        start = monday(self.first)
        return [start + WEEK * n for n in range((monday(self.last) - start).days // 7 + 1)]

    @property
    def months(self) -> list[date]:
        """The firsts of its months; that of the first one may lie before the window."""
        found = [self.first.replace(day=1)]
        while (following := (found[-1] + timedelta(days=31)).replace(day=1)) <= self.last:
            found.append(following)
        return found

    @property
    def year(self) -> str:
        """The year of the frame in which it begins, like "2026/27"."""
        return self.frame.year_of(self.first).label

    def contains(self, day: date) -> bool:
        """Whether a day is shown."""
        return self.first <= day <= self.last

    def column(self, day: date) -> int:
        """In which of its weeks a day lies, from 1; days outside count with the nearest one."""
        day = min(max(day, self.first), self.last)
        return (monday(day) - monday(self.first)).days // 7 + 1


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - ONE_DAY * day.weekday()


def window_of(
    asked: Mapping[str, str], *, frame: Frame, today: date, terms: TermSource | None = None
) -> Window:
    """The window that an address asks for; what makes no sense in it counts as not said."""
    chosen = asked.get("frame", "")
    frame = Frame(chosen) if chosen in list(Frame) else frame
    wanted = asked.get("view", "")
    view = View(wanted) if wanted in list(View) else View.YEAR
    at = _day_asked_for(asked, frame, today)
    make = {View.YEAR: _year, View.QUARTER: _quarter, View.MONTH: _month}.get(view)
    return make(frame, at) if make else _term(frame, at, terms or typical_terms)


def _day_asked_for(asked: Mapping[str, str], frame: Frame, today: date) -> date:
    """The day named, or one in the year named: today where it is that year."""
    day = None
    with suppress(ValueError):
        day = date.fromisoformat(asked.get("at", ""))
    if day is not None and _FIRST <= day <= _LAST:
        return day
    try:
        year = frame.parse(asked.get("year", ""))
    except ValueError:
        return today
    if not _FIRST <= year.start <= _LAST or year.contains(today):
        return today
    return year.start


def _window(view: View, frame: Frame, first: date, last: date, name: str) -> Window:
    before, after = first - ONE_DAY, last + ONE_DAY
    return Window(
        view,
        frame,
        first,
        last,
        name,
        _spell(first, last),
        before if before >= _FIRST else None,
        after if after <= _LAST else None,
    )


def _spell(first: date, last: date) -> str:
    whole = first.day == 1 and (last + ONE_DAY).day == 1
    if whole:
        return f"{first:%B %Y} to {last:%B %Y}"
    return f"{day_in_words(first)} to {day_in_words(last)}"


def _year(frame: Frame, at: date) -> Window:
    year = frame.year_of(at)
    name = "School year" if frame is Frame.ACADEMIC else "NHS year"
    return _window(View.YEAR, frame, year.start, year.end, f"{name} {year}")


def _quarter(frame: Frame, at: date) -> Window:
    quarter = Quarter.of(at)
    return _window(View.QUARTER, frame, quarter.start, quarter.end, quarter.label)


def _month(frame: Frame, at: date) -> Window:
    first = at.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - ONE_DAY
    window = _window(View.MONTH, frame, first, last, f"{first:%B %Y}")
    return replace(window, spell=f"in {Quarter.of(first)}")


def _term(frame: Frame, at: date, terms: TermSource) -> Window:
    """A term with the holiday that follows it, so that every day of a year is in one."""
    year = AcademicYear.of(at)
    if at >= (coming := terms(year.next).terms[0].start):
        year = year.next
    found = terms(year).terms
    if at < found[0].start:
        year = year.previous
        found = terms(year).terms
    coming = terms(year.next).terms[0].start
    starts = [term.start for term in found] + [coming]
    place = max(n for n, start in enumerate(starts[:-1]) if start <= at)
    name = found[place].name
    name = name if name.lower().startswith("term") else f"{name} term"
    return _window(View.TERM, frame, starts[place], starts[place + 1] - ONE_DAY, f"{name} {year}")
