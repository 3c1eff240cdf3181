"""Terms and holidays, week counting, school days, and a day's place in both years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars import typical_terms as dates
from calendars.status import Standing
from calendars.terms import (
    HalfTerm,
    SchoolYear,
    TermDatesError,
    half_term_on,
    half_terms_between,
    holiday_on,
    is_school_day,
    place_in_years,
    place_of,
    typical_terms,
)
from calendars.working_days import bank_holiday_on
from calendars.years import AcademicYear, Quarter

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 31))
YEARS = st.integers(1990, 2099).map(AcademicYear)
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "place"),
    [
        ("2026-09-01", "Autumn 1, week 1 · Q2 2026/27"),
        ("2026-09-07", "Autumn 1, week 2 · Q2 2026/27"),
        ("2026-10-28", "Half term holiday · Q3 2026/27"),
        ("2026-11-22", "Autumn 2, week 3 · Q3 2026/27"),
        ("2026-12-25", "Christmas holiday · Q3 2026/27"),
        ("2027-01-01", "Christmas holiday · Q4 2026/27"),
        ("2027-03-25", "Spring 2, week 5 · Q4 2026/27"),
        ("2027-03-29", "Easter holiday · Q4 2026/27"),
        ("2027-04-01", "Easter holiday · Q1 2027/28"),
        ("2027-04-28", "Summer 1, week 3 · Q1 2027/28"),
        ("2027-06-02", "Half term holiday · Q1 2027/28"),
        ("2027-07-21", "Summer 2, week 7 · Q2 2027/28"),
        ("2027-07-22", "Summer holiday · Q2 2027/28"),
        ("2027-08-31", "Summer holiday · Q2 2027/28"),
        ("2029-09-01", "Summer holiday · Q2 2029/30"),
        ("2028-02-29", "Spring 2, week 1 · Q4 2027/28"),
    ],
)
def test_place_in_both_years(day, place):
    assert place_in_years(date.fromisoformat(day)) == place


@given(DAYS)
def test_every_day_is_in_a_half_term_or_a_holiday_never_both(day):
    half, holiday = half_term_on(day), holiday_on(day)
    assert (half is None) != (holiday is None)
    assert (half or holiday).contains(day)


@given(DAYS)
def test_a_place_names_both_years(day):
    place = place_of(day)
    assert place.academic_year == AcademicYear.of(day)
    assert place.quarter == Quarter.of(day)
    assert str(place).endswith(f" · {Quarter.of(day)}")


@given(DAYS)
def test_weeks_change_on_mondays(day):
    half = half_term_on(day)
    if half and half.contains(day + ONE_DAY):
        step = half.week_of(day + ONE_DAY) - half.week_of(day)
        assert step == (1 if (day + ONE_DAY).weekday() == 0 else 0)
    if half:
        assert 1 <= half.week_of(day) <= half.weeks <= 9


@given(YEARS)
def test_every_typical_year_is_a_possible_one(year):
    school_year = typical_terms(year)
    assert [half.name for half in school_year.half_terms] == [
        "Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2",
    ]  # fmt: skip
    assert [term.name for term in school_year.terms] == ["Autumn", "Spring", "Summer"]
    assert len(school_year.holidays) == 5
    for half in school_year.half_terms:
        assert half.start.weekday() < 5
        assert half.end.weekday() < 5
        assert bank_holiday_on(half.start) is None
        assert bank_holiday_on(half.end) is None
        assert 4 <= half.weeks <= 9


@given(YEARS)
def test_schools_open_about_195_days_a_year(year):
    opened = sum(is_school_day(day) for day in year.days())
    assert 185 <= opened <= 200  # 190 for pupils and five for staff training, dates permitting


def test_the_pattern_gives_exactly_the_published_years():
    published = {
        year: rows
        for year, rows in dates._shipped().items()
        if {row.standing for row in rows} == {Standing.PUBLISHED}
    }
    assert len(published) == 2
    for year, rows in published.items():
        assert [(row.name, row.start, row.end) for row in rows] == [
            (row.name, row.start, row.end) for row in dates._pattern(year)
        ]


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        ("2026-11-03", Standing.PUBLISHED),
        ("2028-03-01", Standing.PROVISIONAL),
        ("2028-02-22", Standing.PROVISIONAL),
        ("2031-03-03", Standing.TYPICAL),
        ("2019-03-04", Standing.TYPICAL),
    ],
)
def test_the_standing_of_a_date_is_carried(day, standing):
    place = place_of(date.fromisoformat(day))
    assert place.standing is standing
    assert standing.in_words
    assert standing.is_certain == (standing is Standing.PUBLISHED)


@given(DAYS, st.integers(0, 800))
def test_half_terms_of_a_period_are_those_of_its_days(first, length):
    last = first + timedelta(days=length)
    found = list(half_terms_between(first, last))
    assert found == sorted(found)
    days = (first + timedelta(days=n) for n in range(length + 1))
    assert set(found) == {half for day in days if (half := half_term_on(day))}


def test_school_days():
    assert is_school_day(date(2027, 4, 28))
    assert not is_school_day(date(2027, 4, 28), closed={date(2027, 4, 28)})
    assert not is_school_day(date(2027, 5, 1))  # a Saturday
    assert not is_school_day(date(2027, 5, 3))  # a bank holiday in term
    assert not is_school_day(date(2027, 3, 30))  # Easter holiday


def leicestershire(year: AcademicYear) -> SchoolYear:
    """A school year that begins in August and has a fortnight in October."""
    start = year.starts_in
    return SchoolYear(
        year,
        (
            HalfTerm(date(start, 8, 26), date(start, 10, 8), "Autumn 1"),
            HalfTerm(date(start, 10, 25), date(start, 12, 17), "Autumn 2"),
            HalfTerm(date(start + 1, 1, 4), date(start + 1, 3, 25), "Spring"),
            HalfTerm(date(start + 1, 4, 12), date(start + 1, 7, 9), "Summer"),
        ),
    )


def test_a_year_that_begins_in_august():
    assert place_in_years(date(2027, 8, 25), leicestershire) == "Summer holiday · Q2 2027/28"
    assert place_in_years(date(2027, 8, 27), leicestershire) == "Autumn 1, week 1 · Q2 2027/28"
    assert place_in_years(date(2027, 9, 1), leicestershire) == "Autumn 1, week 2 · Q2 2027/28"
    assert holiday_on(date(2027, 7, 20), leicestershire).end == date(2027, 8, 25)
    assert half_term_on(date(2027, 2, 15), leicestershire).term == "Spring"
    assert holiday_on(date(2027, 3, 30), leicestershire).name == "Easter holiday"


def test_unknown_term_names_have_a_plain_holiday():
    year = SchoolYear(
        AcademicYear(2027),
        (
            HalfTerm(date(2027, 9, 1), date(2027, 10, 22), "Term 1"),
            HalfTerm(date(2027, 11, 1), date(2027, 12, 17), "Michaelmas"),
        ),
    )
    assert [holiday.name for holiday in year.holidays] == ["School holiday"]


def test_term_dates_that_cannot_be_say_what_to_change():
    with pytest.raises(TermDatesError, match="Spring ends before it begins"):
        HalfTerm(date(2027, 3, 2), date(2027, 3, 1), "Spring")
    autumn = HalfTerm(date(2027, 9, 1), date(2027, 12, 17), "Autumn")
    spring = HalfTerm(date(2027, 12, 17), date(2028, 3, 31), "Spring")
    with pytest.raises(TermDatesError, match="Spring begins before Autumn has ended"):
        SchoolYear(AcademicYear(2027), (autumn, spring))
    with pytest.raises(TermDatesError, match="outside 2026/27"):
        SchoolYear(AcademicYear(2026), (autumn,))
    with pytest.raises(TermDatesError, match="at least one term of 2027/28"):
        SchoolYear(AcademicYear(2027), ())


def test_terms_that_run_on_without_holiday_leave_none():
    year = SchoolYear(
        AcademicYear(2027),
        (
            HalfTerm(date(2027, 9, 1), date(2027, 10, 22), "Autumn 1"),
            HalfTerm(date(2027, 10, 23), date(2027, 12, 17), "Autumn 2"),
        ),
    )
    assert year.holidays == ()
    assert year.terms[0].half_terms == year.half_terms
