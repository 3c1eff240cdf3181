"""Every day belongs to exactly one school year, one NHS year and one quarter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.years import AcademicYear, FinancialYear, Quarter

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))
YEARS = st.integers(1900, 2199)
KINDS = st.sampled_from([AcademicYear, FinancialYear])
EVERY_KIND: tuple[Any, ...] = (AcademicYear, FinancialYear, Quarter)
ONE_DAY = timedelta(days=1)


@given(DAYS, KINDS)
def test_a_day_belongs_to_exactly_one_year(day, kind):
    own = kind.of(day)
    around = [own.previous.previous, own.previous, own, own.next, own.next.next]
    assert [year for year in around if year.contains(day)] == [own]


@given(YEARS, KINDS)
def test_years_follow_each_other_without_gap(starts_in, kind):
    year = kind(starts_in)
    assert year.next.start - year.end == ONE_DAY
    assert year.next.previous == year
    assert (year.end - year.start).days in (364, 365)
    assert sum(1 for _ in year.days()) == (year.end - year.start).days + 1


@given(DAYS)
def test_a_day_belongs_to_exactly_one_quarter(day):
    own = Quarter.of(day)
    assert own.start <= day <= own.end
    assert [quarter for quarter in FinancialYear.of(day).quarters if quarter.contains(day)] == [own]


@given(DAYS)
def test_quarters_follow_each_other_without_gap(day):
    quarter = Quarter.of(day)
    assert quarter.next.start - quarter.end == ONE_DAY
    assert quarter.next.previous == quarter
    assert quarter.previous < quarter < quarter.next


@given(YEARS)
def test_four_quarters_make_the_financial_year(starts_in):
    year = FinancialYear(starts_in)
    assert (year.quarters[0].start, year.quarters[3].end) == (year.start, year.end)


@given(YEARS, KINDS, st.sampled_from(["/", "-", "–"]), st.booleans())
def test_labels_are_read_back(starts_in, kind, mark, in_full):
    year = kind(starts_in)
    typed = f" {starts_in}{mark}{starts_in + 1} " if in_full else year.label.replace("/", mark)
    assert kind.parse(typed) == year
    assert kind.parse(year.label) == year


@given(DAYS)
def test_quarter_labels_are_read_back(day):
    assert Quarter.parse(Quarter.of(day).label) == Quarter.of(day)


@given(DAYS, DAYS)
def test_order_of_days_is_order_of_years_and_quarters(first, second):
    first, second = sorted([first, second])
    for kind in EVERY_KIND:
        assert kind.of(first) <= kind.of(second)


@given(DAYS, st.integers(0, 1500))
def test_ranges_cover_both_ends_and_nothing_else(first, length):
    last = first + timedelta(days=length)
    for kind in EVERY_KIND:
        found = kind.between(first, last)
        assert (found[0], found[-1]) == (kind.of(first), kind.of(last))
        assert all(after == before.next for before, after in pairwise(found))


def test_a_range_that_ends_before_it_begins_is_empty():
    assert AcademicYear.between(date(2027, 9, 1), date(2026, 1, 1)) == []
    assert Quarter.between(date(2027, 9, 1), date(2026, 1, 1)) == []


@pytest.mark.parametrize(
    ("day", "academic", "financial", "quarter"),
    [
        (date(2027, 8, 31), "2026/27", "2027/28", "Q2 2027/28"),
        (date(2027, 9, 1), "2027/28", "2027/28", "Q2 2027/28"),
        (date(2028, 3, 31), "2027/28", "2027/28", "Q4 2027/28"),
        (date(2028, 4, 1), "2027/28", "2028/29", "Q1 2028/29"),
        (date(2028, 2, 29), "2027/28", "2027/28", "Q4 2027/28"),
        (date(1999, 12, 31), "1999/00", "1999/00", "Q3 1999/00"),
        (date(2027, 6, 30), "2026/27", "2027/28", "Q1 2027/28"),
        (date(2027, 7, 1), "2026/27", "2027/28", "Q2 2027/28"),
    ],
)
def test_edges(day, academic, financial, quarter):
    assert str(AcademicYear.of(day)) == academic
    assert str(FinancialYear.of(day)) == financial
    assert str(Quarter.of(day)) == quarter


@pytest.mark.parametrize(
    "label",
    ["", "2027", "2027/29", "2027/27", "2027/2029", "27/28", "2027/8", "next year", "٢٠٢٧/٢٨"],
)
def test_a_label_that_is_no_year_says_how_to_write_one(label):
    with pytest.raises(ValueError, match="like 2027/28"):
        AcademicYear.parse(label)


@pytest.mark.parametrize("label", ["", "Q5 2027/28", "2027/28", "Q0 2027/28", "Q12027/28"])
def test_a_label_that_is_no_quarter_says_how_to_write_one(label):
    with pytest.raises(ValueError, match="like Q1 2027/28"):
        Quarter.parse(label)


def test_the_two_kinds_of_year_are_never_equal_nor_ordered():
    school: Any = AcademicYear(2027)
    assert school != FinancialYear(2027)
    with pytest.raises(TypeError):
        _ = school < FinancialYear(2028)


def test_a_moment_is_not_a_day():
    moment = datetime(2027, 8, 31, 23, 30, tzinfo=UTC)  # already September in London
    for ask in (AcademicYear.of, FinancialYear.of, Quarter.of, AcademicYear(2026).contains):
        with pytest.raises(TypeError, match="london_day"):
            ask(moment)


def test_years_that_no_calendar_holds_are_refused():
    with pytest.raises(ValueError, match="No such year"):
        AcademicYear.of(date(1, 1, 1))
    with pytest.raises(ValueError, match="quarters 1 to 4"):
        Quarter(FinancialYear(2027), 5)


def test_months_of_a_quarter_in_words():
    assert [quarter.months for quarter in FinancialYear(2027).quarters] == [
        "April to June",
        "July to September",
        "October to December",
        "January to March",
    ]
