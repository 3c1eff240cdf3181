"""Which days a planner shows, for every address it may be given."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overview.planner.windows import Frame, View, Window, monday, window_of

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(2001, 9, 1), date(2098, 8, 31))


def window(own: Frame = Frame.ACADEMIC, **asked: str) -> Window:
    return window_of(asked, frame=own, today=TODAY)


@pytest.mark.parametrize(
    ("asked", "first", "last", "name"),
    [
        ({}, date(2026, 9, 1), date(2027, 8, 31), "School year 2026/27"),
        ({"frame": "financial"}, date(2026, 4, 1), date(2027, 3, 31), "NHS year 2026/27"),
        ({"year": "2027/28"}, date(2027, 9, 1), date(2028, 8, 31), "School year 2027/28"),
        (
            {"frame": "financial", "year": "2025-26"},
            date(2025, 4, 1),
            date(2026, 3, 31),
            "NHS year 2025/26",
        ),
        ({"view": "quarter"}, date(2026, 10, 1), date(2026, 12, 31), "Q3 2026/27"),
        (
            {"view": "month", "at": "2028-02-29"},
            date(2028, 2, 1),
            date(2028, 2, 29),
            "February 2028",
        ),
        ({"view": "term"}, date(2026, 9, 1), date(2027, 1, 3), "Autumn term 2026/27"),
        (
            {"view": "term", "at": "2027-04-02"},
            date(2027, 1, 4),
            date(2027, 4, 11),
            "Spring term 2026/27",
        ),
        (
            {"view": "term", "at": "2027-08-25"},
            date(2027, 4, 12),
            date(2027, 8, 31),
            "Summer term 2026/27",
        ),
    ],
)
def test_what_an_address_asks_for(
    asked: dict[str, str], first: date, last: date, name: str
) -> None:
    found = window(**asked)

    assert (found.first, found.last, found.name) == (first, last, name)


@pytest.mark.parametrize(
    "asked",
    [
        {"year": "2026/28"},
        {"year": "1066/67"},
        {"year": "9998/99"},
        {"at": "2027-02-30"},
        {"at": "9999-12-31"},
        {"at": "yesterday"},
        {"view": "decade"},
        {"frame": "lunar"},
        {"year": "\x00"},
    ],
)
def test_what_makes_no_sense_counts_as_not_said(asked: dict[str, str]) -> None:
    assert window(**asked) == window()


@given(DAYS, st.sampled_from(View), st.sampled_from(Frame))
def test_a_window_holds_its_day_and_the_next_one_begins_where_it_ends(
    day: date, view: View, frame: Frame
) -> None:
    asked = {"view": view.value, "at": day.isoformat()}
    found = window(frame, **asked)
    following = window(frame, **(asked | {"at": str(found.after)}))

    assert found.contains(day)
    assert following.first == found.last + timedelta(days=1)
    assert window(frame, **(asked | {"at": str(following.before)})) == found


@given(DAYS, st.sampled_from(View), st.sampled_from(Frame))
def test_each_day_lies_in_the_column_of_its_week(day: date, view: View, frame: Frame) -> None:
    found = window(frame, view=view.value, at=day.isoformat())

    assert found.weeks[found.column(day) - 1] == monday(day)
    assert 4 <= len(found.weeks) <= 54


def test_the_leap_year_that_begins_on_a_sunday_has_54_weeks() -> None:
    assert len(window(year="2019/20").weeks) == 54
