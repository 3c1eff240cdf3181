"""A touchpoint as an iCalendar entry that Outlook, Google and Apple calendars take in.

In an invitation times are written in UTC: a single meeting needs no time zone rules, and an end
in the hour that comes twice stays what it is. The calendar program shows them on its own clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from icalendar import Event, vCalAddress, vText

from calendars.entries import Method, in_lines, new_calendar, new_entry, one_line, put_meeting
from organisations.outbox import inbox
from partnerships.touchpoints.models import Paper, Touchpoint, TouchpointState

UID_SALT = "tandem.touchpoint-uid"
CODE_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Attendee:
    """To whose calendar the entry goes."""

    name: str
    email: str


def address_of(touchpoint: Touchpoint) -> str:
    """The neutral address of a touchpoint, which leads each reader to their own view of it."""
    return f"{settings.BASE_URL}/r/t-{touchpoint.ref}/"


def calendar_entry(
    touchpoint: Touchpoint,
    *,
    method: Method,
    papers: Sequence[Paper],
    attendee: Attendee | None = None,
    posting_id: int | None = None,
) -> bytes:
    """A file with the one entry; `posting_id` of whom it goes to, None for everybody."""
    event = entry_of(
        touchpoint,
        stamp=timezone.now(),
        posting_id=posting_id,
        papers=papers,
    )
    if method is not Method.PUBLISH:
        event.add("organizer", _organiser(touchpoint))
    if attendee is not None:
        event.add("attendee", _attendee(attendee))
    calendar = new_calendar(method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def uid_for(touchpoint_ref: str, posting_id: int | None = None) -> str:
    """The name of an entry among calendar programs, the same for the life of a touchpoint.

    That of an entry which goes to one person has a code of theirs in it. A calendar program
    repeats it in its answer, which so shows that it answers what we sent to them.
    """
    if posting_id is None:
        return f"touchpoint-{touchpoint_ref}@tandem"
    return f"touchpoint-{touchpoint_ref}.{_code(touchpoint_ref, posting_id)}@tandem"


def is_code_of(code: str, touchpoint_ref: str, posting_id: int) -> bool:
    """Whether a code is that of somebody, by the present secret key or a former one."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(
        constant_time_compare(code, _code(touchpoint_ref, posting_id, key=key)) for key in keys
    )


def _code(touchpoint_ref: str, posting_id: int, *, key: str | None = None) -> str:
    made = salted_hmac(UID_SALT, f"{touchpoint_ref}.{posting_id}", secret=key, algorithm="sha256")
    return made.hexdigest()[:CODE_LENGTH]


def live_papers(touchpoint: Touchpoint) -> list[Paper]:
    """The papers that are listed with a touchpoint; one statement."""
    return list(touchpoint.papers.filter(removed_at=None))


def entry_of(
    touchpoint: Touchpoint,
    *,
    stamp: datetime,
    by_clock: bool = False,
    posting_id: int | None = None,
    papers: Sequence[Paper] = (),
) -> Event:
    """The entry, the same UID for the life of a touchpoint, its revision as SEQUENCE."""
    uid = uid_for(touchpoint.ref, posting_id)
    event = new_entry(uid, stamp=stamp, summary=summary_of(touchpoint))
    event.add("sequence", touchpoint.revision)
    put_meeting(event, touchpoint.starts_at, touchpoint.ends_at, by_clock=by_clock)
    if touchpoint.venue:
        event.add("location", one_line(touchpoint.venue))
    event.add("description", _description(touchpoint, papers))
    event.add("url", address_of(touchpoint))
    # Of one that was moved, the new one has an entry of its own.
    cancelled = touchpoint.state in (TouchpointState.CANCELLED, TouchpointState.MOVED)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    return event


def summary_of(touchpoint: Touchpoint) -> str:
    """What the calendar shows: the sort of meeting and the partnership."""
    return one_line(f"{touchpoint.get_kind_display()}: {touchpoint.partnership.name}")


def _description(touchpoint: Touchpoint, papers: Sequence[Paper]) -> str:
    listed = "\n".join(one_line(f"{paper.title}: {paper.url}") for paper in papers)
    parts = [in_lines(touchpoint.agenda), listed, address_of(touchpoint)]
    return "\n\n".join(part for part in parts if part)


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
    # Where nobody reads the organiser's mailbox, calendars should not send answers there.
    address.params["RSVP"] = vText("TRUE" if inbox.is_set_up() else "FALSE")
    return address
