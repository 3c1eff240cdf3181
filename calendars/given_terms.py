"""From rows of given term dates to a school year, and who inherits which.

Here: the conversion between `TermDates` and `SchoolYear`, and the way from a school's own dates
over its trust's and its council's to the typical ones. Not here: reading the rows
(`calendars.selectors`), typing them in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.backends.postgresql.psycopg_any import DateRange

from calendars.models import TermDates
from calendars.status import Standing
from calendars.terms import TYPICAL_NOTE, HalfTerm, SchoolYear, TermSource, typical_terms
from calendars.years import AcademicYear

_ONE_DAY = timedelta(days=1)
OWN_DATES = "Own dates"


def spans_of(row: TermDates) -> tuple[HalfTerm, ...]:
    """The half terms that a row holds; the database keeps the day after the last."""
    return tuple(
        HalfTerm(span.lower, span.upper - _ONE_DAY, name, Standing(row.standing))
        for name, span in zip(row.names, row.spans, strict=True)
    )


def school_year_of(row: TermDates) -> SchoolYear:
    """The school year that a row gives; raises TermDatesError when its dates cannot be."""
    return SchoolYear(AcademicYear(row.starts_in), spans_of(row))


def kept_as(half_terms: Iterable[HalfTerm]) -> tuple[list[str], list[DateRange]]:
    """Half terms as a row keeps them: `names` and `spans`.

    >>> kept_as([HalfTerm(date(2027, 9, 1), date(2027, 10, 22), "Autumn 1")])[1][0].upper
    datetime.date(2027, 10, 23)
    """
    halves = list(half_terms)
    return (
        [half.name for half in halves],
        [DateRange(half.start, half.end + _ONE_DAY, "[)") for half in halves],
    )


class Giver(NamedTuple):
    """An organisation whose dates hold, and how that is said."""

    organisation_id: int
    words: str


@dataclass(frozen=True, slots=True)
class GivenYear:
    """One school year of an organisation, and from where each part of it comes.

    `row` is the row that gives the half terms, `inset_row` the one that gives the staff training
    days; None where nobody has given any.
    """

    school_year: SchoolYear
    terms_from: str
    row: TermDates | None
    inset_days: frozenset[date]
    inset_from: str
    inset_row: TermDates | None

    @property
    def is_typical(self) -> bool:
        """Whether nobody has given these dates."""
        return self.row is None

    @property
    def standing(self) -> Standing:
        """How sure the half terms are."""
        return self.school_year.standing


Rows = Mapping[tuple[int, int], TermDates]


def given_year(givers: Sequence[Giver], rows: Rows, year: AcademicYear) -> GivenYear:
    """The year of whoever inherits from `givers`, the nearest first, by (organisation, year).

    The nearest with half terms gives them all. Staff training days are inherited likewise, by
    themselves.
    """
    terms = _nearest(givers, rows, year, lambda row: bool(row.spans))
    inset = _nearest(givers, rows, year, lambda row: bool(row.inset_days))
    return GivenYear(
        school_year=school_year_of(terms[1]) if terms else typical_terms(year),
        terms_from=terms[0].words if terms else TYPICAL_NOTE,
        row=terms[1] if terms else None,
        inset_days=frozenset(inset[1].inset_days) if inset else frozenset(),
        inset_from=inset[0].words if inset else "",
        inset_row=inset[1] if inset else None,
    )


def _nearest(
    givers: Sequence[Giver], rows: Rows, year: AcademicYear, gives: Callable[[TermDates], bool]
) -> tuple[Giver, TermDates] | None:
    for giver in givers:
        row = rows.get((giver.organisation_id, year.starts_in))
        if row is not None and gives(row):
            return giver, row
    return None


def source_of(years: Iterable[GivenYear]) -> TermSource:
    """What answers for the years that somebody has given, and typically for any other."""
    given = {each.school_year.year: each.school_year for each in years if not each.is_typical}
    if not given:
        return typical_terms

    def terms(year: AcademicYear) -> SchoolYear:
        return given.get(year) or typical_terms(year)

    return terms


def said_of(years: Sequence[GivenYear]) -> str:
    """Whose dates these are, in words; named year by year where that differs."""
    words = list(dict.fromkeys(each.terms_from for each in years))
    if len(words) == 1:
        return words[0]
    return "; ".join(f"{each.school_year.year}: {_inside(each.terms_from)}" for each in years)


def _inside(words: str) -> str:
    """A sentence as part of another."""
    return (words[0].lower() + words[1:]).rstrip(".")
