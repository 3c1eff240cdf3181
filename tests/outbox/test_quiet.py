"""Quiet hours by London clocks: over midnight, at weekends, and when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from organisations.outbox.preferences.quiet import Quiet

LONDON = ZoneInfo("Europe/London")
NIGHT = Quiet(time(19), time(7))
LUNCH = Quiet(time(12), time(13))


def at(text: str, fold: int = 0) -> datetime:
    face = datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold)
    return face.astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        (Quiet(), "2027-01-12T03:00", None),
        (NIGHT, "2027-01-12T18:59:59", None),
        (NIGHT, "2027-01-12T19:00", "2027-01-13T07:00"),
        (NIGHT, "2027-01-13T00:00", "2027-01-13T07:00"),
        (NIGHT, "2027-01-13T06:59:59", "2027-01-13T07:00"),
        (NIGHT, "2027-01-13T07:00", None),
        (LUNCH, "2027-01-12T12:30", "2027-01-12T13:00"),
        (LUNCH, "2027-01-12T13:00", None),
        # 16 and 17 January 2027 are a Saturday and a Sunday.
        (Quiet(weekends=True), "2027-01-15T23:59:59", None),
        (Quiet(weekends=True), "2027-01-16T00:00", "2027-01-18T07:00"),
        (Quiet(weekends=True), "2027-01-17T23:00", "2027-01-18T07:00"),
        (Quiet(weekends=True), "2027-01-18T00:00", None),
        (Quiet(time(19), time(7), True), "2027-01-15T20:00", "2027-01-18T07:00"),
        (Quiet(time(19), time(7), True), "2027-01-16T12:00", "2027-01-18T07:00"),
        (Quiet(time(22), time(23), True), "2027-01-16T12:00", "2027-01-18T07:00"),
        # The clocks go forward on 28 March 2027 at 1am and back on 31 October at 2am.
        (NIGHT, "2027-03-27T22:00", "2027-03-28T07:00"),
        (NIGHT, "2027-10-30T22:00", "2027-10-31T07:00"),
        (Quiet(time(22), time(1, 30)), "2027-03-27T23:00", "2027-03-28T02:30"),
        (Quiet(time(22), time(1, 30)), "2027-10-30T23:00", "2027-10-31T01:30"),
    ],
)
def test_a_message_waits_for_the_end(quiet: Quiet, now: str, until: str | None) -> None:
    assert quiet.ends_at(at(now)) == (at(until) if until else None)


def test_an_hour_that_comes_twice_is_quiet_twice() -> None:
    quiet = Quiet(time(22), time(1, 30))

    assert quiet.ends_at(at("2027-10-31T01:10", fold=1)) == at("2027-10-31T01:30", fold=1)


@pytest.mark.parametrize(
    "quiet", [NIGHT, LUNCH, Quiet(time(22), time(1, 30), True), Quiet(time(1), time(2))]
)
@pytest.mark.parametrize("day", ["2027-03-26T12:00", "2027-10-29T12:00"])
def test_it_always_ends_later_and_then_is_over(quiet: Quiet, day: str) -> None:
    for minutes in range(0, 4 * 24 * 60, 10):
        now = at(day) + timedelta(minutes=minutes)
        until = quiet.ends_at(now)
        if until is not None:
            assert until > now
            assert quiet.ends_at(until) is None
