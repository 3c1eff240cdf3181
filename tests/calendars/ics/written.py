"""Calendars as tests write them."""

from __future__ import annotations

from datetime import date

from calendars.ics.reading import Calendar, Event, read

FIRST, LAST = date(2024, 11, 1), date(2029, 11, 30)


def calendar(*entries: str, head: str = "") -> bytes:
    """A calendar of VEVENTs, each given as its lines."""
    body = "".join(f"BEGIN:VEVENT\n{entry.strip()}\nEND:VEVENT\n" for entry in entries)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//tests//EN\n{head}{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def whole_day(name: str, first: str, after: str = "", uid: str = "") -> str:
    """An entry of whole days; `after` is the day after its last."""
    ends = f"DTEND;VALUE=DATE:{after}\n" if after else ""
    return f"UID:{uid or name + first}\nSUMMARY:{name}\nDTSTART;VALUE=DATE:{first}\n{ends}"


def reading(*entries: str, head: str = "") -> Calendar:
    return read(calendar(*entries, head=head), FIRST, LAST)


def only(*entries: str, head: str = "") -> Event:
    """The one event of a calendar."""
    events = reading(*entries, head=head).events
    assert len(events) == 1, events
    return events[0]


def days(*entries: str) -> list[str]:
    """The first days of every event, in order."""
    return [event.first.isoformat() for event in reading(*entries).events]
