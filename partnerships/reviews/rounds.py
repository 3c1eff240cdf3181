"""Which round a review belongs to: a term of a school year for a pulse, the year for a full one.

Pure. Easter moves, so the calendar decides: September to December is the autumn term, January to
April the spring term, May to August the summer term.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from calendars.years import AcademicYear
from partnerships.reviews.questions import FULL

TERMS = ("Autumn term", "Spring term", "Summer term")
WHOLE_YEAR = 0


@dataclass(frozen=True, order=True, slots=True)
class Round:
    """`year` is in which the school year begins; `term` 1 to 3, or 0 for the whole year."""

    year: int
    term: int

    @property
    def label(self) -> str:
        """As people say it."""
        year = AcademicYear(self.year).label
        return f"School year {year}" if self.term == WHOLE_YEAR else f"{self.words}, {year}"

    @property
    def words(self) -> str:
        """The term alone."""
        return TERMS[self.term - 1] if self.term else "School year"


def round_on(kind: str, day: date) -> Round:
    """The round that a review of that kind belongs to when it is opened on `day`.

    >>> round_on("pulse", date(2027, 4, 30)).label
    'Spring term, 2026/27'
    >>> round_on("full", date(2027, 6, 1)).label
    'School year 2026/27'
    """
    year = day.year if day.month >= 9 else day.year - 1
    if kind == FULL:
        return Round(year, WHOLE_YEAR)
    if day.month >= 9:
        return Round(year, 1)
    return Round(year, 2 if day.month <= 4 else 3)
