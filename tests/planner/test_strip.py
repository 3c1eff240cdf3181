"""The strip: nothing hides anything else, and nothing runs out of it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from calendars.status import Standing
from overview.planner.items import Item, days_in_words, shortened, span_words
from overview.planner.strip import MOST_LANES, Row, lay_out
from overview.planner.windows import Frame, Window, window_of

YEAR = window_of({}, frame=Frame.ACADEMIC, today=date(2026, 11, 22))
SHEET = Path("static/scss/_planner.scss").read_text()


def item(first: date, last: date, name: str = "Mock exams", **more: object) -> Item:
    return Item(kind="points", name=name, first=first, last=last, what="", **more)  # type: ignore[arg-type]


@st.composite
def items(draw: st.DrawFn) -> list[Item]:
    starts = draw(st.lists(st.dates(date(2026, 7, 1), date(2027, 10, 1)), max_size=40))
    return [
        item(
            day, day + timedelta(days=draw(st.integers(0, 200))), draw(st.text("ab ", max_size=60))
        )
        for day in starts
    ]


def place(classes: str) -> tuple[int, range]:
    found = dict(re.findall(r"app-(w|s|lane)-(\d+)", classes))
    first = int(found["w"])
    return int(found["lane"]), range(first, first + int(found["s"]))


def row(given: list[Item], window: Window = YEAR) -> Row:
    return lay_out(window, "points", "Schools", given)


@given(items())
def test_no_bar_covers_another_and_all_stay_inside(given: list[Item]) -> None:
    places = [place(bar.classes) for bar in row(given).bars]

    assert all(1 <= lane <= MOST_LANES for lane, _ in places)
    assert all(weeks.start >= 1 and weeks.stop <= 54 for _, weeks in places)
    for (lane, weeks), (other_lane, others) in combinations(places, 2):
        assert lane != other_lane or not set(weeks) & set(others)


@given(items())
def test_every_item_of_the_year_is_there_or_counted(given: list[Item]) -> None:
    shown = [each for each in given if each.last >= YEAR.first and each.first <= YEAR.last]
    found = row(given)

    assert len(found.bars) + found.left_out == len(shown)


def test_a_name_near_the_end_of_the_year_ends_with_its_bar() -> None:
    day = date(2027, 8, 26)

    (bar,) = row([item(day, day, "GCSE results day")]).bars

    assert "app-bar--backwards" in bar.classes


def test_the_words_say_what_the_pattern_says() -> None:
    given = Item(
        kind="points",
        name="Mock exams (autumn)",
        first=date(2026, 11, 16),
        last=date(2026, 12, 11),
        what="Pressure point",
        severity="medium",
        standing=Standing.TYPICAL,
    )

    (bar,) = row([given]).bars

    assert bar.label == "Mock exams"
    assert bar.hidden == (
        "Mock exams (autumn), 16 November to 11 December 2026, Pressure point, medium pressure, "
        "typical pattern, nobody has published it yet"
    )
    assert {"app-bar--medium", "app-bar--expected"} <= set(bar.classes.split())


def test_the_style_sheet_knows_as_many_weeks_and_lanes() -> None:
    assert "$most-weeks: 54;" in SHEET
    assert f"$most-lanes: {MOST_LANES};" in SHEET


def test_days_as_people_write_them() -> None:
    assert days_in_words(date(2026, 12, 1), date(2026, 12, 1)) == "Tuesday 1 December"
    assert days_in_words(date(2026, 12, 1), date(2026, 12, 18)) == "1 to 18 December"
    assert span_words(date(2026, 12, 19), date(2027, 1, 3)) == "19 December to 3 January 2027"
    assert shortened("NHS planning round: first submission") == "NHS planning round"
