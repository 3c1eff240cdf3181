"""London's clocks: both changes, steps of whole days, and the wording of times."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from calendars.london import (
    LONDON,
    AmbiguousTime,
    NonexistentTime,
    WallClockError,
    at_wall_clock,
    day_starts,
    in_london,
    london_day,
    moment_in_words,
    span_in_words,
    today,
    wall_clock_before,
)


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


YEARS = st.integers(1996, 2099)
DAYS = st.dates(min_value=date(1996, 1, 1), max_value=date(2099, 12, 31))
CHANGES = st.builds(last_sunday, YEARS, st.sampled_from([3, 10]))
# Days around clock changes as often as any others.
TRYING_DAYS = st.one_of(
    DAYS, st.builds(lambda day, n: day + timedelta(days=n), CHANGES, st.integers(-9, 9))
)
CLOCKS = st.times(timezones=st.none())
CHANGED_HOUR = st.builds(lambda minute: time(1, minute), st.integers(0, 59))
MOMENTS = st.datetimes(
    min_value=datetime(1996, 1, 20),  # noqa: DTZ001
    max_value=datetime(2099, 12, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(YEARS, CHANGED_HOUR)
def test_the_hour_that_is_skipped_in_spring_does_not_exist(year, clock):
    with pytest.raises(NonexistentTime, match=r"does not exist.*clocks go forward.*Choose a time"):
        at_wall_clock(last_sunday(year, 3), clock)


@given(YEARS, CHANGED_HOUR)
def test_the_hour_that_comes_twice_in_autumn_is_ambiguous(year, clock):
    with pytest.raises(AmbiguousTime, match=r"happens twice.*clocks go back.*Choose a time"):
        at_wall_clock(last_sunday(year, 10), clock)


def test_what_people_are_told():
    with pytest.raises(WallClockError) as refusal:
        at_wall_clock(date(2027, 3, 28), time(1, 30))
    assert str(refusal.value) == (
        "1:30am on 28 March 2027 does not exist, because the clocks go forward that night. "
        "Choose a time before 1am, or 2am or later."
    )


@given(TRYING_DAYS, CLOCKS)
def test_every_other_time_is_shown_back_by_the_clock(day, clock):
    assume(not (day in (last_sunday(day.year, 3), last_sunday(day.year, 10)) and clock.hour == 1))
    moment = at_wall_clock(day, clock)
    assert moment.tzinfo is UTC
    assert in_london(moment).replace(tzinfo=None) == datetime.combine(day, clock)
    assert london_day(moment) == day


@given(MOMENTS, st.integers(-400, 400))
def test_whole_days_keep_the_minute_on_the_clock(moment, days):
    shown = in_london(moment)
    before = in_london(wall_clock_before(moment, timedelta(days=days)))
    target = shown.date() - timedelta(days=days)
    if days == 0:
        assert before == shown
    elif target == last_sunday(target.year, 3) and shown.hour == 1:
        assert before.replace(tzinfo=None) == datetime.combine(target, shown.time().replace(hour=2))
    else:
        assert before.replace(tzinfo=None) == datetime.combine(target, shown.time())
        assert before.fold == 0


@given(CHANGES, st.integers(0, 20), st.integers(1, 21), CLOCKS)
def test_offsets_across_both_clock_changes(change, after, days, clock):
    assume(clock.hour != 1)
    moment = at_wall_clock(change + timedelta(days=after), clock)
    assert in_london(wall_clock_before(moment, timedelta(days=days))).time() == clock


@given(MOMENTS, st.integers(1, 400))
def test_a_reminder_comes_before_what_it_reminds_of(moment, days):
    assert wall_clock_before(moment, timedelta(days=days)) < moment


@given(MOMENTS, st.timedeltas(min_value=-timedelta(hours=23), max_value=timedelta(hours=23)))
def test_less_than_a_day_is_time_as_it_passes(moment, offset):
    assert wall_clock_before(moment, offset) == moment - offset


def test_days_and_hours_together():
    moment = at_wall_clock(date(2027, 3, 29), time(10, 0))
    assert wall_clock_before(moment, timedelta(days=3, hours=2)) == at_wall_clock(
        date(2027, 3, 26), time(8, 0)
    )
    assert wall_clock_before(moment, -timedelta(days=1)) == at_wall_clock(
        date(2027, 3, 30), time(10, 0)
    )


def test_a_reminder_that_falls_in_the_skipped_hour():
    moment = at_wall_clock(date(2027, 3, 31), time(1, 30))
    due = wall_clock_before(moment, timedelta(days=3))
    assert due == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert moment_in_words(due) == "Sunday 28 March 2027 at 2:30am"


def test_a_reminder_that_falls_in_the_doubled_hour_goes_at_its_first():
    moment = at_wall_clock(date(2027, 11, 3), time(1, 30))
    due = wall_clock_before(moment, timedelta(days=3))
    assert due == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert moment_in_words(due) == "Sunday 31 October 2027 at 1:30am (before the clocks go back)"
    an_hour_on = due + timedelta(hours=1)
    assert moment_in_words(an_hour_on).endswith("at 1:30am (after the clocks go back)")


@given(TRYING_DAYS)
def test_days_are_23_24_or_25_hours(day):
    length = day_starts(day + timedelta(days=1)) - day_starts(day)
    expected = {last_sunday(day.year, 3): 23, last_sunday(day.year, 10): 25}.get(day, 24)
    assert length == timedelta(hours=expected)


def test_moments_need_a_zone_and_clock_times_none():
    with pytest.raises(TypeError, match="time zone"):
        in_london(datetime(2027, 7, 21, 15, 30))  # noqa: DTZ001
    with pytest.raises(TypeError, match="London time"):
        at_wall_clock(date(2027, 7, 21), time(15, 30, tzinfo=LONDON))
    with pytest.raises(TypeError, match="london_day"):
        at_wall_clock(datetime(2027, 7, 21, tzinfo=UTC), time(15, 30))


def test_spans():
    noon = at_wall_clock(date(2027, 7, 21), time(12, 0))
    assert span_in_words(noon, noon + timedelta(hours=1, minutes=30)) == (
        "Wednesday 21 July 2027, midday to 1:30pm"
    )
    assert span_in_words(noon, noon + timedelta(days=1)) == (
        "Wednesday 21 July 2027 at midday to Thursday 22 July 2027 at midday"
    )


def test_today_is_the_day_in_london(time_machine):
    time_machine.move_to(datetime(2027, 7, 20, 23, 30, tzinfo=UTC))
    assert today() == date(2027, 7, 21)


def test_words_do_not_follow_the_machine(tmp_path):
    """A machine set to another language and zone still writes English, London time."""
    script = (
        "from datetime import UTC, datetime; from calendars.london import moment_in_words;"
        "print(moment_in_words(datetime(2027, 7, 21, 14, 30, tzinfo=UTC)))"
    )
    environment = {**os.environ, "TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}
    shown = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == "Wednesday 21 July 2027 at 3:30pm"
