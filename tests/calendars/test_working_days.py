"""Bank holidays in England and the arithmetic of working days."""

from __future__ import annotations

import csv
import socket
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars import working_days
from calendars.status import Standing
from calendars.working_days import (
    add_working_days,
    bank_holiday_on,
    bank_holidays,
    easter_sunday,
    is_working_day,
    next_working_day,
    previous_working_day,
    working_day_from,
    working_days_between,
)

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 31))
COUNTS = st.integers(-60, 60)
TABLE = Path(__file__).parents[2] / "reference/framework/bank_holidays_england.csv"


def listed_in_the_table() -> set[date]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {date.fromisoformat(row["date"]) for row in rows if row["non_working"] == "yes"}


def test_both_sources_agree_on_the_years_they_share():
    listed = listed_in_the_table()
    for year in {day.year for day in listed}:
        found = bank_holidays(year)
        assert {holiday.day for holiday in found} == {day for day in listed if day.year == year}
        assert {holiday.standing for holiday in found} == {Standing.PUBLISHED}


def test_our_own_table_stands_in_where_the_package_ends(monkeypatch):
    monkeypatch.setattr(working_days, "_published", dict)
    bank_holidays.cache_clear()
    try:
        found = bank_holidays(2027)
    finally:
        bank_holidays.cache_clear()
    assert {holiday.standing for holiday in found} == {Standing.PUBLISHED}
    assert found[-1].name == "Boxing Day"


def test_the_rule_gives_every_published_year_that_had_no_special_holiday():
    special = {2012, 2020, 2022, 2023}  # jubilees, VE Day, the Queen's funeral, the Coronation
    for year in set(range(2012, 2029)) - special:
        assert set(working_days._by_rule(year)) == {h.day for h in bank_holidays(year)}, year


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2022, 6, 2), "Spring bank holiday"),
        (date(2022, 9, 19), "Bank Holiday for the State Funeral of Queen Elizabeth II"),
        (date(2023, 5, 8), "Bank holiday for the coronation of King Charles III"),
    ],
)
def test_moved_and_extra_holidays_come_from_the_published_list(day, name):
    assert bank_holiday_on(day).name == name
    assert bank_holiday_on(date(2022, 5, 30)) is None


def test_later_years_follow_the_rule_and_say_so():
    holidays = bank_holidays(2033)
    assert [(str(h.day), h.name) for h in holidays] == [
        ("2033-01-03", "New Year’s Day"),
        ("2033-04-15", "Good Friday"),
        ("2033-04-18", "Easter Monday"),
        ("2033-05-02", "Early May bank holiday"),
        ("2033-05-30", "Spring bank holiday"),
        ("2033-08-29", "Summer bank holiday"),
        ("2033-12-26", "Boxing Day"),
        ("2033-12-27", "Christmas Day"),
    ]
    assert {holiday.standing for holiday in holidays} == {Standing.RULE}


@given(st.integers(1900, 2199))
def test_eight_holidays_by_rule_all_on_weekdays_of_that_year(year):
    found = working_days._by_rule(year)
    assert len(found) == 8
    assert all(day.weekday() < 5 and day.year == year for day in found)


@pytest.mark.parametrize(
    "easter",
    ["1961-04-02", "2000-04-23", "2008-03-23", "2011-04-24", "2026-04-05", "2027-03-28",
     "2028-04-16", "2038-04-25", "2285-03-22"],
)  # fmt: skip
def test_easter(easter):
    assert easter_sunday(int(easter[:4])) == date.fromisoformat(easter)


@given(DAYS)
def test_working_days_are_weekdays_without_bank_holiday(day):
    assert is_working_day(day) == (day.weekday() < 5 and bank_holiday_on(day) is None)


@given(DAYS)
def test_next_and_previous_skip_only_days_off(day):
    later, earlier = next_working_day(day), previous_working_day(day)
    assert earlier < day < later
    assert is_working_day(later)
    assert is_working_day(earlier)
    skipped = [earlier + timedelta(days=n) for n in range(1, (later - earlier).days)]
    assert [between for between in skipped if is_working_day(between)] in ([], [day])


@given(DAYS, COUNTS)
def test_the_answer_is_a_working_day(day, count):
    assert is_working_day(add_working_days(day, count))


@given(DAYS, DAYS, COUNTS)
def test_a_later_start_never_ends_earlier(first, second, count):
    first, second = sorted([first, second])
    assert add_working_days(first, count) <= add_working_days(second, count)


@given(DAYS, COUNTS)
def test_one_more_day_is_later(day, count):
    assert add_working_days(day, count) < add_working_days(day, count + 1) or not is_working_day(
        day
    )
    assert add_working_days(day, count) <= add_working_days(day, count + 1)


@given(DAYS, COUNTS)
def test_there_and_back_from_a_working_day(day, count):
    day = working_day_from(day)
    assert add_working_days(add_working_days(day, count), -count) == day


@given(DAYS, st.integers(0, 60))
def test_counting_agrees_with_adding(day, count):
    day = working_day_from(day)
    assert working_days_between(day, add_working_days(day, count)) == count


def test_ten_working_days_over_christmas():
    assert add_working_days(date(2026, 12, 17), 10) == date(2027, 1, 5)
    assert working_days_between(date(2027, 1, 5), date(2026, 12, 17)) == 0


def test_nothing_is_fetched(monkeypatch):
    def refused(*args: object, **kwargs: object) -> None:
        raise AssertionError("bank holidays asked the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    working_days._published.cache_clear()
    assert working_days._published()[2027]
