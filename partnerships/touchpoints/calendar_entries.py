"""A touchpoint as an iCalendar entry that Outlook, Google and Apple calendars take in.

Times are written in UTC: a single meeting needs no time zone rules, and an end in the hour
that comes twice stays what it is. The calendar program shows them on its own clock.
"""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass
from datetime import UTC
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress, vText

from partnerships.touchpoints.models import Touchpoint, TouchpointState

PRODUCT = "-//Tandem//Tandem//EN"


class Method(enum.StrEnum):
    """What the entry asks the calendar to do (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, slots=True)
class Attendee:
    """To whose calendar the entry goes."""

    name: str
    email: str


def address_of(touchpoint: Touchpoint) -> str:
    """The neutral address of a touchpoint, which leads each reader to their own view of it."""
    return f"{settings.BASE_URL}/r/t-{touchpoint.ref}/"


def calendar_entry(
    touchpoint: Touchpoint, *, method: Method, attendee: Attendee | None = None
) -> bytes:
    """The entry, the same UID for the life of a touchpoint, its revision as SEQUENCE."""
    event = Event()
    event.add("uid", f"touchpoint-{touchpoint.ref}@tandem")
    event.add("sequence", touchpoint.revision)
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("dtstart", touchpoint.starts_at.astimezone(UTC))
    event.add("dtend", touchpoint.ends_at.astimezone(UTC))
    event.add("summary", summary_of(touchpoint))
    if touchpoint.venue:
        event.add("location", one_line(touchpoint.venue))
    event.add("description", _description(touchpoint))
    event.add("url", address_of(touchpoint))
    cancelled = touchpoint.state == TouchpointState.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    if method is not Method.PUBLISH:
        event.add("organizer", _organiser(touchpoint))
    if attendee is not None:
        event.add("attendee", _attendee(attendee))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", str(method))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def summary_of(touchpoint: Touchpoint) -> str:
    """What the calendar shows: the sort of meeting and the partnership."""
    return one_line(f"{touchpoint.get_kind_display()}: {touchpoint.partnership.name}")


def one_line(text: str) -> str:
    """A text fit for a header or a parameter: no line breaks, nothing invisible."""
    return " ".join(_visible(text).split())


def _visible(text: str) -> str:
    """Without control characters, which RFC 5545 forbids; lines and tabs stay."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")


def _description(touchpoint: Touchpoint) -> str:
    agenda = _visible(touchpoint.agenda.replace("\r\n", "\n"))
    return f"{agenda}\n\n{address_of(touchpoint)}" if agenda else address_of(touchpoint)


def _organiser(touchpoint: Touchpoint) -> vCalAddress:
    """The address that the e-mail comes from: calendars take an invitation from no other."""
    organiser = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    name = f"{touchpoint.author_organisation.name} via {settings.EMAIL_FROM_NAME}"
    organiser.params["CN"] = vText(one_line(name))
    return organiser


def _attendee(attendee: Attendee) -> vCalAddress:
    address = vCalAddress(f"mailto:{attendee.email}")
    address.params["CN"] = vText(one_line(attendee.name))
    address.params["CUTYPE"] = vText("INDIVIDUAL")
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("NEEDS-ACTION")
    # Nobody reads the organiser's mailbox, so calendars should not send answers there.
    address.params["RSVP"] = vText("FALSE")
    return address
