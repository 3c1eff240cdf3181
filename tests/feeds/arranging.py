"""Making feeds as one of the cast, and reading them as a calendar program would."""

from __future__ import annotations

import warnings
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from ical.calendar import Calendar as StrictCalendar
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar, Event

from partnerships.diary.feeds.selectors import own_feeds
from partnerships.diary.feeds.services import make_feed
from partnerships.diary.models import CalendarFeed
from partnerships.record.models import Partnership
from tests.cast import Cast
from tests.record.arranging import acting_as

OUTLOOK = {"User-Agent": "Microsoft.Exchange/15.20"}


def fed(cast: Cast, part: str = "school_editor", kind: str = "organisation", **more: Any) -> str:
    """The secret of a feed that one of the cast has made."""
    with acting_as(cast.actors[part]) as by:
        return make_feed(by=by, kind=kind, **more)


def made_feed(cast: Cast, part: str = "school_editor", kind: str = "organisation") -> CalendarFeed:
    """A feed that one of the cast has made."""
    fed(cast, part, kind)
    with acting_as(cast.actors[part]) as by:
        return own_feeds(by)[0]


def of_partnership(cast: Cast, partnership: Partnership, part: str = "school_editor") -> str:
    """The secret of a feed of one partnership."""
    return fed(cast, part, "partnership", partnership=partnership)


def read(secret: str, method: str = "get", **headers: str) -> HttpResponse:
    """What a program without any session gets."""
    address = reverse("calendar-feed", kwargs={"secret": secret})
    return getattr(Client(), method)(address, headers={**OUTLOOK, **headers})


def entries(secret: str) -> dict[str, Event]:
    """The entries that a program reads, by UID; checked as both parsers and RFC 5545 ask."""
    answer = read(secret)
    assert answer.status_code == 200
    return checked(answer.content)


def checked(content: bytes) -> dict[str, Event]:
    """The entries of a file, once nothing is wrong with it."""
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert not {*range(32), 127} - {9, 10, 13} & set(content)
    text = content.decode()
    calendar = Calendar.from_ical(content)
    assert not calendar.errors
    events: list[Any] = list(calendar.walk("VEVENT"))
    assert all(not event.errors for event in events)
    found = {str(event["uid"]): event for event in events}
    assert len(found) == len(events), "a UID comes twice"
    for event in events:
        assert {"DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS"} <= set(event)
        assert event.decoded("dtend") > event.decoded("dtstart")
    strict = strictly(text)
    assert {event.uid for event in strict.events} == set(found)
    for event in strict.events:
        assert event.summary == str(found[str(event.uid)]["summary"])
        assert event.description == str(found[str(event.uid)]["description"])
    return found


def strictly(text: str) -> StrictCalendar:
    """Parsed by a library that refuses what it does not know to be right."""
    with warnings.catch_warnings():
        # Warns of Python's own future, on import of what it is built on.
        warnings.simplefilter("ignore", DeprecationWarning)
        return IcsCalendarStream.calendar_from_ics(text)
