"""Reads the folder into which an embedded copy delivers its e-mail. Knows no request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.utils.html import strip_tags
from icalendar import Calendar

from calendars.london import LONDON
from organisations.outbox.kinds import label_of

NAME = re.compile(r"\d{8}T\d{6}-\d{6}-(?P<key>[A-Za-z0-9]{0,40})")
ENDING = ".eml"


class NoSuchMessage(Exception):
    """The folder holds no message of that name, or what it holds is none."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a list of messages shows. `again`: an earlier file has the same Message-ID."""

    name: str
    to: str
    sender: str
    subject: str
    kind: str
    sent_at: datetime | None
    message_id: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Appointment:
    """A message's calendar part in words. `starts_at` and `ends_at` on a London clock."""

    title: str
    place: str
    starts_at: datetime | None
    ends_at: datetime | None
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Message:
    """One message, opened."""

    envelope: Envelope
    text: str
    has_html: bool
    calendar: bytes | None
    appointment: Appointment | None


def names() -> list[str]:
    """The names of all messages, the newest first."""
    folder = Path(settings.MAIL_FOLDER)
    found = [path.stem for path in folder.glob(f"*{ENDING}")] if folder.is_dir() else []
    return sorted((name for name in found if NAME.fullmatch(name)), reverse=True)


def copies(found: list[str]) -> set[str]:
    """Those of `found` (newest first) that are not the first of their Message-ID."""
    seen: set[str] = set()
    again = set()
    for name in reversed(found):
        key = name.rpartition("-")[2]
        if key in seen:
            again.add(name)
        seen.add(key)
    return again


def envelope(name: str, *, again: bool = False) -> Envelope:
    """The head of one message. Raises NoSuchMessage."""
    with _path(name).open("rb") as file:
        head = BytesHeaderParser(policy=policy.default).parse(file)
    return _envelope(name, head, again=again)


def opened(name: str) -> Message:
    """One message whole. Raises NoSuchMessage."""
    with _path(name).open("rb") as file:
        message = BytesParser(policy=policy.default).parse(file)
    calendar = _part(message, "text/calendar")
    html = _part(message, "text/html")
    text = _part(message, "text/plain")
    content = text.get_content() if text else strip_tags(html.get_content()) if html else ""
    raw = calendar.get_payload(decode=True) if calendar else None
    return Message(
        envelope=_envelope(name, message, again=name in copies(names())),
        text=content,
        has_html=html is not None,
        calendar=raw if isinstance(raw, bytes) else None,
        appointment=appointment(raw) if isinstance(raw, bytes) else None,
    )


def appointment(raw: bytes) -> Appointment | None:
    """The first event of a calendar file; None when it cannot be read."""
    try:
        calendar = Calendar.from_ical(raw)
        event = next(iter(calendar.walk("VEVENT")), None)
    except ValueError:
        return None
    if event is None:
        return None
    cancelled = "CANCEL" in (str(calendar.get("METHOD", "")), str(event.get("STATUS", ""))[:6])
    return Appointment(
        title=str(event.get("SUMMARY", "")),
        place=str(event.get("LOCATION", "")),
        starts_at=_moment(event, "DTSTART"),
        ends_at=_moment(event, "DTEND"),
        cancelled=cancelled,
    )


def _moment(event: object, name: str) -> datetime | None:
    value = getattr(event.get(name), "dt", None)  # type: ignore[attr-defined]
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=LONDON) if value.tzinfo is None else value


def _path(name: str) -> Path:
    """The file of a message, by a name that can only be one in the folder itself."""
    path = Path(settings.MAIL_FOLDER) / f"{name}{ENDING}"
    if not NAME.fullmatch(name) or not path.is_file():
        raise NoSuchMessage(name)
    return path


def _envelope(name: str, head: EmailMessage, *, again: bool) -> Envelope:
    return Envelope(
        name=name,
        to=str(head.get("To", "")),
        sender=str(head.get("From", "")),
        subject=str(head.get("Subject", "")) or "No subject",
        kind=label_of(str(head.get("X-Tandem-Kind", "email"))),
        sent_at=_date(str(head.get("Date", ""))),
        message_id=str(head.get("Message-ID", "")),
        again=again,
    )


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _part(message: EmailMessage, content_type: str) -> EmailMessage | None:
    for part in message.walk():
        if part.get_content_type() == content_type and isinstance(part, EmailMessage):
            return part
    return None
