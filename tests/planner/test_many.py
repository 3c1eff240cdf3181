"""A planner of thousands costs what a planner of ten does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
import time_machine

from tests.cast import Cast
from tests.planner.arranging import (
    agenda_of,
    asked_of_database,
    many_touchpoints,
    planner,
    strip_of,
)
from tests.record.arranging import shared

FIRST = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with time_machine.travel("2026-11-22 10:00+00:00", tick=True):
        yield


@pytest.mark.parametrize(
    "query",
    [{}, {"view": "term"}, {"view": "quarter"}, {"view": "month"}, {"from": "2027-06-01"}],
)
def test_its_statements_do_not_grow(
    cast: Cast, superuser: psycopg.Connection[Any], query: dict[str, str]
) -> None:
    partnership = shared(cast)
    many_touchpoints(superuser, partnership, 10, FIRST)
    few = asked_of_database(cast, **query)

    many_touchpoints(superuser, partnership, 5_000, FIRST)

    many = asked_of_database(cast, **query)
    assert len(many) <= len(few) + 1, "the few are read by the statement that reads a page"
    assert len(many) <= (20 if query.get("view") == "term" else 16), many


def test_a_few_are_shown_one_by_one(cast: Cast, superuser: psycopg.Connection[Any]) -> None:
    many_touchpoints(superuser, shared(cast), 3, FIRST)

    assert planner(cast).count("app-bar--mark ") + planner(cast).count('app-bar--mark"') == 3 + 1, (
        "and one in the key"
    )


def test_a_full_week_is_shown_by_its_number(cast: Cast, superuser: psycopg.Connection[Any]) -> None:
    partnership = shared(cast)
    for _ in range(3):
        many_touchpoints(superuser, partnership, 4, date(2026, 9, 6), apart=1)

    page = planner(cast)

    assert "12 touchpoints" in strip_of(page)
    assert "view=month&amp;at=2026-09-07" in page


def test_thousands_are_counted_by_month_and_each_is_in_the_agenda(
    cast: Cast, superuser: psycopg.Connection[Any]
) -> None:
    many_touchpoints(superuser, shared(cast), 5_000, FIRST)

    page = planner(cast, kind="touchpoints", **{"from": "2026-09-01"})

    assert "touchpoints in December 2026" in strip_of(page)
    assert "1 to 25 of 5,000 entries" in agenda_of(page)
    assert agenda_of(page).count("Short update") == 25
    assert "16 touchpoints" not in agenda_of(page)
    month = planner(cast, view="month", at="2026-12-01")
    assert "14 touchpoints" in month or "15 touchpoints" in month
