"""Whose dates hold: the nearest with half terms gives them all, and training days by themselves."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from calendars.given_terms import Giver, given_year, kept_as, said_of, source_of, spans_of
from calendars.models import TermDates
from calendars.terms import TYPICAL_NOTE, HalfTerm, half_term_on, holiday_on, typical_terms
from calendars.years import AcademicYear

YEAR = AcademicYear(2027)
GIVERS = [Giver(1, "Own dates"), Giver(2, "Dates of the trust"), Giver(3, "Dates of the council")]
GIVES = st.tuples(st.booleans(), st.booleans(), st.booleans())


def row(organisation_id: int, *, terms: bool, inset: bool) -> TermDates:
    """A row whose dates tell whose they are."""
    first = date(2027, 9, organisation_id)
    names, spans = kept_as([HalfTerm(first, date(2027, 12, 17), "Autumn")] if terms else [])
    return TermDates(
        organisation_id=organisation_id,
        starts_in=YEAR.starts_in,
        names=names,
        spans=spans,
        inset_days=[first] if inset else [],
        standing="published",
    )


@given(GIVES, GIVES, GIVES)
def test_the_nearest_wins(kept, with_terms, with_inset):
    rows = {
        (giver.organisation_id, YEAR.starts_in): row(
            giver.organisation_id, terms=terms, inset=inset
        )
        for giver, there, terms, inset in zip(GIVERS, kept, with_terms, with_inset, strict=True)
        if there
    }
    found = given_year(GIVERS, rows, YEAR)
    terms_of = [g for g, there, has in zip(GIVERS, kept, with_terms, strict=True) if there and has]
    inset_of = [g for g, there, has in zip(GIVERS, kept, with_inset, strict=True) if there and has]
    assert found.terms_from == (terms_of[0].words if terms_of else TYPICAL_NOTE)
    assert found.inset_from == (inset_of[0].words if inset_of else "")
    if terms_of:
        assert found.school_year.half_terms[0].start.day == terms_of[0].organisation_id
    else:
        assert found.school_year is typical_terms(YEAR)
    assert {day.day for day in found.inset_days} == {g.organisation_id for g in inset_of[:1]}
    source = source_of([found])
    assert source(YEAR) == found.school_year
    assert source(YEAR.next) is typical_terms(YEAR.next)
    assert said_of([found]) == found.terms_from


@given(st.dates(date(2026, 9, 1), date(2029, 8, 31)))
def test_every_day_is_in_a_given_half_term_or_a_holiday_never_both(day):
    found = given_year(GIVERS, {(1, YEAR.starts_in): row(1, terms=True, inset=False)}, YEAR)
    source = source_of([found])
    half, holiday = half_term_on(day, source), holiday_on(day, source)
    assert (half is None) != (holiday is None)
    assert (half or holiday).contains(day)


@given(st.dates(date(2027, 9, 1), date(2028, 3, 1)), st.integers(0, 120))
def test_what_is_kept_is_read_back(first, length):
    half = HalfTerm(first, first + timedelta(days=length), "Autumn 1")
    names, spans = kept_as([half])
    kept = TermDates(starts_in=2027, names=names, spans=spans, standing="published")
    assert spans_of(kept) == (half,)
