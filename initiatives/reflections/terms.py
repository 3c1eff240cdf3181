"""The term of a day, as a partnership’s schools name it, and when a term asks for reflection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from calendars.terms import Term, TermSource
from calendars.years import AcademicYear

# So long before the last day of a term there is time to look back on it.
BEFORE_THE_END = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class TermNow:
    """A term with its words: `Autumn term 2026/27`."""

    words: str
    start: date
    end: date

    def asks(self, day: date) -> bool:
        """Whether it is time to reflect on it: from a fortnight before its last day."""
        return day >= self.end - BEFORE_THE_END


def term_of(day: date, terms: TermSource) -> TermNow:
    """The term that `day` is in, or the one before it in the holidays."""
    year = AcademicYear.of(day)
    found: list[tuple[AcademicYear, Term]] = [
        (each, term)
        for each in (year.previous, year)
        for term in terms(each).terms
        if term.start <= day
    ]
    of, last = found[-1]
    return TermNow(f"{last.name} term {of}", last.start, last.end)
