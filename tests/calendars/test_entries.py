"""London's rules in iCalendar files, beside the time zone database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Event

from calendars.entries import LONDON_RULES, put_meeting
from calendars.london import LONDON


def test_the_rules_change_the_clocks_when_london_does() -> None:
    rules = LONDON_RULES.to_tz()
    moment = datetime(1997, 1, 1, 0, 30, tzinfo=UTC)
    while moment.year < 2041:
        assert moment.astimezone(rules).utcoffset() == moment.astimezone(LONDON).utcoffset()
        moment += timedelta(hours=1 if moment.month in (3, 10) else 12)


def test_a_meeting_is_by_the_clock_only_where_that_is_plain() -> None:
    begins = datetime(2027, 10, 30, 23, 45, tzinfo=UTC)
    for minutes, zone in ((30, "Europe/London"), (90, "UTC"), (180, "Europe/London")):
        event = Event()
        put_meeting(event, begins, begins + timedelta(minutes=minutes), by_clock=True)
        assert str(event.decoded("dtend").tzinfo) == zone
        start, end = (event.decoded(name).astimezone(UTC) for name in ("dtstart", "dtend"))
        assert (start, end) == (begins, begins + timedelta(minutes=minutes))
