"""What Tandem writes into iCalendar files, whoever reads them: invitations, files, feeds.

Here: a calendar's head, London's clock-change rules, whole days, and texts made fit for it (RFC
5545). Not here: what is planned; the rooms above make their own entries.
"""

from __future__ import annotations

import enum
import unicodedata
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from calendars.london import LONDON

PRODUCT = "-//Tandem//Tandem//EN"
# How often a calendar program should look again.
LOOK_AGAIN = timedelta(hours=1)
# The rule since 1996, in the short form that every program reads. A test compares it with the
# time zone database, year by year.
LONDON_RULES = Calendar.from_ical(
    "BEGIN:VTIMEZONE\r\n"
    "TZID:Europe/London\r\n"
    "X-LIC-LOCATION:Europe/London\r\n"
    "BEGIN:DAYLIGHT\r\n"
    "DTSTART:19970330T010000\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
    "TZOFFSETFROM:+0000\r\n"
    "TZOFFSETTO:+0100\r\n"
    "TZNAME:BST\r\n"
    "END:DAYLIGHT\r\n"
    "BEGIN:STANDARD\r\n"
    "DTSTART:19961027T020000\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
    "TZOFFSETFROM:+0100\r\n"
    "TZOFFSETTO:+0000\r\n"
    "TZNAME:GMT\r\n"
    "END:STANDARD\r\n"
    "END:VTIMEZONE\r\n"
)


class Method(enum.StrEnum):
    """What a file asks the calendar to do (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


def new_calendar(method: Method) -> Calendar:
    """A calendar without entries."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", str(method))
    return calendar


def subscribed_calendar(name: str) -> Calendar:
    """A calendar that programs read again and again, under its name and with London's rules."""
    calendar = new_calendar(Method.PUBLISH)
    title = one_line(name)
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", "Europe/London")
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(LONDON_RULES)
    return calendar


def new_entry(uid: str, *, stamp: datetime, summary: str) -> Event:
    """An entry with what each must have, beside its time."""
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("summary", one_line(summary))
    return event


def put_whole_days(event: Event, first: date, last: date) -> None:
    """Whole days, `last` among them, that keep nobody from meeting."""
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
    event.add("transp", "TRANSPARENT")


def put_meeting(event: Event, starts_at: datetime, ends_at: datetime, *, by_clock: bool) -> None:
    """A meeting's time: by London's clock where that says it plainly, otherwise in UTC.

    In the hour that comes twice, a clock time would be read as the first of the two.
    """
    start, end = starts_at.astimezone(LONDON), ends_at.astimezone(LONDON)
    if not by_clock or start.fold or end.fold:
        start, end = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    event.add("dtstart", start)
    event.add("dtend", end)


def one_line(text: str) -> str:
    """A text fit for a header or a parameter: no line breaks, nothing invisible."""
    return " ".join(in_lines(text).split())


def in_lines(text: str) -> str:
    """Without control characters, which RFC 5545 forbids; lines and tabs stay."""
    plain = text.replace("\r\n", "\n")
    return "".join(c for c in plain if c in "\n\t" or unicodedata.category(c) != "Cc")
