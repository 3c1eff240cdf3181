"""The pages of the agenda: every item once, whatever page one begins with."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overview.planner.agenda import PAGE, Begin, begin_of, page_of, turns, under_way
from overview.planner.items import Item
from overview.planner.windows import Frame, window_of

TODAY = date(2026, 11, 22)
YEAR = window_of({}, frame=Frame.ACADEMIC, today=TODAY)
DAYS = st.lists(st.dates(YEAR.first, YEAR.last), max_size=150)


def made(days: list[date], kind: str) -> list[Item]:
    ordered = enumerate(sorted(days))
    return [Item(kind=kind, name=f"{kind}{n}", first=d, last=d, what="") for n, d in ordered]


def counted(items: list[Item]) -> Counter[date]:
    return Counter(each.first for each in items)


@given(DAYS, DAYS)
def test_turning_pages_shows_every_item_once_in_order(
    held: list[date], planned: list[date]
) -> None:
    own, theirs = made(held, "held"), made(planned, "planned")
    seen: list[Item] = []
    begin: Begin | None = Begin(YEAR.first)
    while begin is not None:
        seen += page_of(own, theirs, begin)
        begin = turns([counted(own), counted(theirs)], begin).after

    assert [each.first for each in seen] == sorted(held + planned)
    assert Counter(each.name for each in seen) == Counter(each.name for each in own + theirs)


@given(DAYS, st.dates(YEAR.first, YEAR.last))
def test_turning_back_from_any_day_reaches_the_first_item(days: list[date], day: date) -> None:
    items = made(days, "held")
    found = turns([counted(items)], Begin(day))
    turned = 0
    while found.before is not None:
        found = turns([counted(items)], found.before)
        turned += 1

    assert found.passed == 0
    assert turned <= len(days) // PAGE + 1


def test_it_begins_today_or_where_the_address_says() -> None:
    assert begin_of(YEAR, "", TODAY) == Begin(TODAY)
    assert begin_of(YEAR, "2027-03-01.7", TODAY) == Begin(date(2027, 3, 1), 7)
    assert begin_of(YEAR, "", date(2030, 1, 1)) == Begin(YEAR.first)


@pytest.mark.parametrize("asked", ["2031-01-01", "1.2.3", "2027-02-30", "2027-03-01.-1", "x.9"])
def test_a_begin_that_makes_no_sense_counts_as_not_said(asked: str) -> None:
    begin = begin_of(YEAR, asked, TODAY)

    assert begin.skip >= 0
    assert YEAR.contains(begin.day)


def test_what_is_under_way_has_begun_before_and_still_holds() -> None:
    day = timedelta(days=1)
    spans = [(-3, -1), (-3, 0), (-1, 5), (0, 4), (1, 2)]
    items = [
        Item(kind="points", name=f"{a}", first=TODAY + a * day, last=TODAY + b * day, what="")
        for a, b in spans
    ]

    assert [(i.first, i.last) for i in under_way(items, TODAY)] == [
        (TODAY - 3 * day, TODAY),
        (TODAY - day, TODAY + 5 * day),
    ]
