"""Rules of repetition, held against another library, and what they may cost at most."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from calendars.ics.recurring import NotRead, Purse, Rule, TooOften, days_of

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
WEEKDAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
SOME = {"min_size": 1, "max_size": 3, "unique": True}
SPAN = timedelta(days=380)


def numbers(low: int, high: int) -> st.SearchStrategy[str]:
    wanted = st.integers(low, high).filter(bool)
    return st.lists(wanted, **SOME).map(lambda found: ",".join(map(str, found)))


def listed(*names: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(names), **SOME).map(",".join)


@st.composite
def rules(draw: st.DrawFn) -> str:
    every = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={every}", f"INTERVAL={draw(st.integers(1, 5))}"]
    if draw(st.booleans()):
        parts.append(f"BYMONTH={draw(numbers(1, 12))}")
    if every in ("MONTHLY", "YEARLY") and draw(st.booleans()):
        # Not mixed with days without one, of which the other library wants both to hold.
        ordinals = st.tuples(st.sampled_from(["1", "2", "-1", "3", "5"]), WEEKDAYS).map("".join)
        parts.append(f"BYDAY={','.join(draw(st.lists(ordinals, **SOME)))}")
    elif every == "YEARLY" and draw(st.booleans()):
        parts.append(f"BYYEARDAY={draw(numbers(-365, 365))}")
    elif every != "WEEKLY" and draw(st.booleans()):
        # Days that every month has: what never comes true costs the other library seconds.
        parts.append(f"BYMONTHDAY={draw(numbers(-28, 28))}")
    elif draw(st.booleans()):
        parts.append(f"BYDAY={draw(st.lists(WEEKDAYS, **SOME).map(','.join))}")
    if len(parts) > 2 and every != "DAILY" and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(numbers(-3, 3))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(WEEKDAYS)}")
    return ";".join(parts)


@given(rule=rules(), began=DAYS, ahead=st.integers(0, 900), count=st.none() | st.integers(1, 30))
def test_the_same_days_as_another_library(rule, began, ahead, count):
    first = began + timedelta(days=ahead)
    last = first + SPAN
    counted = f";COUNT={count}" if count else ""
    start = datetime(began.year, began.month, began.day)  # noqa: DTZ001
    theirs = rrulestr(f"{rule}{counted}", dtstart=start)
    found = set()
    for at, moment in enumerate(theirs.xafter(start, inc=True)):
        if at > 2_000 or moment.date() > last:
            break
        found.add(moment.date())
    # They leave out a first day that does not fit its own rule; every calendar program shows it.
    if began not in found and count:
        return
    ours = days_of(Rule.read(f"{rule}{counted}"), began, first, last, Purse(1_000_000))
    assert set(ours) - {began} == {day for day in found if day >= first} - {began}
    assert (began in ours) == (began == first)


@pytest.mark.parametrize(
    ("rule", "began", "purse_left"),
    [
        # Never true: asked of the window's days only, not of every year to come.
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", date(1950, 1, 1), 98_000),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", date(1950, 1, 1), 97_000),
        ("FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", date(2026, 1, 1), 98_000),
        ("FREQ=YEARLY;INTERVAL=999999999", date(2026, 1, 1), 99_000),
    ],
)
def test_what_never_comes_costs_no_more_than_the_window(rule, began, purse_left):
    purse = Purse(100_000)
    days_of(Rule.read(rule), began, date(2025, 1, 1), date(2029, 12, 31), purse)
    assert purse.left > purse_left


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=2", "FREQ=HOURLY"])
def test_more_than_once_a_day_is_too_often(rule):
    with pytest.raises(TooOften):
        Rule.read(rule)


def test_ten_thousand_times_is_too_often():
    with pytest.raises(TooOften):
        days_of(
            Rule.read("FREQ=DAILY;COUNT=10000"),
            date(2025, 1, 1),
            date(2025, 1, 1),
            date(2029, 12, 31),
            Purse(1_000_000),
        )


def test_counting_from_long_ago_empties_the_purse():
    with pytest.raises(TooOften):
        days_of(
            Rule.read("FREQ=DAILY;COUNT=99999"),
            date(1900, 1, 1),
            date(2029, 12, 1),
            date(2029, 12, 31),
            Purse(10_000),
        )


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=FORTNIGHTLY",
        "FREQ=YEARLY;BYWEEKNO=3",
        "FREQ=DAILY;BYHOUR=9,12",
        "FREQ=DAILY;INTERVAL=x",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYMONTH=0",
        "FREQ=DAILY;COUNT=99999999999",
    ],
)
def test_rules_that_are_not_read(rule):
    with pytest.raises(NotRead):
        Rule.read(rule)
