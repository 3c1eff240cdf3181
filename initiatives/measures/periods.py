"""The periods that readings are about, as a measure's kind of period and a partnership's terms say.

Pure: a day and a source of terms in, periods out. Each has its name in the frame it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from calendars.terms import TermSource
from calendars.years import AcademicYear, FinancialYear
from initiatives.measures.models import Period

# So far back a reading may reach: three years and the one that runs.
YEARS_BACK = 3


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One period: its days, both included, and its name, `Autumn term 2026/27`."""

    starts_on: date
    ends_on: date
    name: str

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.starts_on.isoformat()}_{self.ends_on.isoformat()}"


def ended_periods(kind: str, day: date, terms: TermSource) -> list[Span]:
    """The periods of a kind that are over by `day`, the latest first, of about three years."""
    first = date(day.year - YEARS_BACK, day.month, 1)
    found = (each for each in _periods(Period(kind), first, day, terms) if each.ends_on < day)
    return sorted(found, reverse=True)


def periods_to_come(kind: str, day: date, terms: TermSource) -> list[Span]:
    """The periods of a kind that run on `day` or begin within a year of it, in order."""
    last = day + timedelta(days=366)
    return sorted(e for e in _periods(Period(kind), day, last, terms) if e.ends_on >= day)


def period_named(kind: str, starts_on: date, ends_on: date, terms: TermSource) -> Span:
    """The period of these days; with its days for a name where terms have been changed since."""
    around = _periods(Period(kind), starts_on, ends_on, terms)
    same = (each for each in around if (each.starts_on, each.ends_on) == (starts_on, ends_on))
    words = f"{starts_on:%-d %B %Y} to {ends_on:%-d %B %Y}"
    return next(same, Span(starts_on, ends_on, words))


def _periods(kind: Period, first: date, last: date, terms: TermSource) -> Iterator[Span]:
    if kind == Period.MONTH:
        yield from _months(first, last)
    elif kind in (Period.QUARTER, Period.FINANCIAL_YEAR):
        for financial in FinancialYear.between(first, last):
            if kind == Period.FINANCIAL_YEAR:
                yield Span(financial.start, financial.end, f"Financial year {financial.label}")
            else:
                for each in financial.quarters:
                    yield Span(each.start, each.end, each.label)
    else:
        for year in AcademicYear.between(first, last):
            yield from _of_school_year(kind, year, terms)


def _of_school_year(kind: Period, year: AcademicYear, terms: TermSource) -> Iterator[Span]:
    if kind == Period.ACADEMIC_YEAR:
        yield Span(year.start, year.end, f"Academic year {year.label}")
    elif kind == Period.TERM:
        for term in terms(year).terms:
            yield Span(term.start, term.end, f"{term.name} term {year.label}")
    else:
        for half in terms(year).half_terms:
            yield Span(half.start, half.end, f"{half.name} {year.label}")


def _months(first: date, last: date) -> Iterator[Span]:
    day = first.replace(day=1)
    while day <= last:
        following = (day + timedelta(days=32)).replace(day=1)
        yield Span(day, following - timedelta(days=1), f"{day:%B %Y}")
        day = following
