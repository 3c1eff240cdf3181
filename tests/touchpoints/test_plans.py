"""What a plan may hold, on the days and clocks of London."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from calendars.london import in_london, wall_clock_before
from partnerships.touchpoints.plans import (
    REMINDERS,
    checked_plan,
    checked_reminders,
    reminders_in_words,
)
from tests.touchpoints.scene import NOW, plan


def problems(**more: object) -> dict[str, list[str]]:
    with time_machine.travel(NOW, tick=False), pytest.raises(ValidationError) as refused:
        checked_plan(**plan(**more))
    return refused.value.message_dict


def test_a_plan_is_kept_in_utc_and_tidied() -> None:
    with time_machine.travel(NOW, tick=False):
        made = checked_plan(**plan(date=date(2027, 6, 10), venue=" Hall \n 2 ", agenda="  Rooms "))

    assert made.starts_at == datetime(2027, 6, 10, 14, 30, tzinfo=UTC)
    assert (made.venue, made.agenda) == ("Hall 2", "Rooms")


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"date": date(2027, 1, 3)}, "date", "must be in the future"),
        ({"date": date(2026, 1, 14)}, "date", "log a conversation"),
        ({"date": date(2027, 1, 4), "time": time(9, 0)}, "time", "later than now"),
        ({"date": date(2027, 1, 4), "time": time(8, 59)}, "time", "later than now"),
        ({"date": date(2030, 1, 5)}, "date", "within the next 3 years"),
        ({"date": date(2027, 3, 28), "time": time(1, 30)}, "time", "does not exist"),
        ({"date": date(2027, 10, 31), "time": time(1, 30)}, "time", "happens twice"),
        ({"date": date(2027, 10, 31), "time": time(1, 30)}, "time", "Choose a time before 1am"),
        ({"minutes": 4}, "minutes", "between 5 minutes and 8 hours"),
        ({"minutes": 481}, "minutes", "between 5 minutes and 8 hours"),
        ({"kind": "party"}, "kind", "what sort"),
    ],
)
def test_what_cannot_be_is_refused_in_words_beside_its_field(
    more: dict[str, object], field: str, words: str
) -> None:
    found = problems(**more)

    assert list(found) == [field]
    assert words in found[field][0]


def test_several_faults_are_told_at_once() -> None:
    assert set(problems(kind="party", minutes=0, date=date(2026, 1, 1))) == {
        "kind",
        "minutes",
        "date",
    }


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        (date(2027, 3, 28), time(0, 59)),
        (date(2027, 3, 28), time(2, 0)),
        (date(2027, 10, 31), time(0, 59)),
        (date(2027, 10, 31), time(2, 0)),
        (date(2030, 1, 4), time(23, 59)),
        (date(2027, 1, 4), time(9, 1)),
    ],
)
def test_the_edges_are_taken(day: date, clock: time) -> None:
    with time_machine.travel(NOW, tick=False):
        made = checked_plan(**plan(date=day, time=clock))

    assert in_london(made.starts_at).replace(tzinfo=None) == datetime.combine(day, clock)


def test_three_years_after_a_leap_day_is_the_28th() -> None:
    with time_machine.travel(datetime(2028, 2, 29, 9, tzinfo=UTC), tick=False):
        assert checked_plan(**plan(date=date(2031, 2, 28)))
        with pytest.raises(ValidationError):
            checked_plan(**plan(date=date(2031, 3, 1)))


@given(st.dates(date(2027, 1, 6), date(2029, 12, 31)), st.times())
def test_the_reminder_is_due_the_day_before_at_the_same_minute(day: date, clock: time) -> None:
    clock = clock.replace(second=0, microsecond=0, fold=0)
    with time_machine.travel(NOW, tick=False):
        try:
            made = checked_plan(**plan(date=day, time=clock))
        except ValidationError:
            assert clock.hour == 1  # only ever the hour of the clock changes
            return
    due = in_london(wall_clock_before(made.starts_at, timedelta(days=1)))

    assert (in_london(made.starts_at).date() - due.date()).days == 1
    # 1:30am on the night the clocks go forward is the one minute that does not exist.
    assert due.time() == clock or (clock.hour, due.hour) == (1, 2)


def test_reminders_are_those_offered_the_longest_before_first() -> None:
    assert checked_reminders([120, 10080, 120]) == [10080, 120]
    assert checked_reminders([]) == []
    assert len(REMINDERS) == 4
    with pytest.raises(ValidationError, match="reminders that are offered"):
        checked_reminders([17])


def test_reminders_in_words() -> None:
    assert reminders_in_words([]) == ""
    assert reminders_in_words([2880]) == "2 days before"
    assert reminders_in_words(REMINDERS) == (
        "a week before, 2 days before, the day before and 2 hours before"
    )
