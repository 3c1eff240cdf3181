"""What calendar programs answer to an invitation: Accept, Decline, another time (iMIP, RFC 6047).

An answer is believed for the code in the UID that it repeats, which stood in nobody else's
invitation; who the e-mail says it is from proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError

from calendars.ics.lines import CalendarError, Component, Property, components
from calendars.ics.moments import Unreadable, read_length, read_written
from organisations.outbox import inbox
from organisations.outbox.inbox import Folder, Part, Received, Sort, Verdict
from organisations.tenancy.scope import Scope, acting
from partnerships.touchpoints.calendar_entries import CODE_LENGTH, is_code_of
from partnerships.touchpoints.models import Answer, Attendee
from partnerships.touchpoints.services import (
    ANOTHER_WAITS,
    Noted,
    note_reply,
    organisation_behind,
    propose_by_calendar,
)

CALENDARS = ("text/calendar", "application/ics", "application/x-ics")
REPLY, COUNTER = "REPLY", "COUNTER"
WANTED = frozenset(
    "METHOD UID SEQUENCE DTSTAMP DTSTART DTEND DURATION ATTENDEE COMMENT RECURRENCE-ID".split()
)
ANSWERS = {
    "ACCEPTED": Answer.ACCEPTED,
    "TENTATIVE": Answer.TENTATIVE,
    "DECLINED": Answer.DECLINED,
}
LARGEST = 256 * 1024  # bytes; an answer has about two thousand
MOST_ENTRIES = 20
LONGEST_COMMENT = 500
MOST_DIGITS = 9
_METHOD = re.compile(rb"^METHOD[^:\r\n]{0,100}:[ \t]*(REPLY|COUNTER)\b", re.I | re.M)
_UID = re.compile(
    rf"touchpoint-(?P<ref>[a-z0-9]{{12}})\.(?P<code>[0-9a-f]{{{CODE_LENGTH}}})@tandem", re.ASCII
)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class NoReply(ValueError):
    """What is no answer to an entry of ours; the text says why, and names nobody."""


@dataclass(frozen=True, slots=True)
class CalendarReply:
    """An answer as the calendar program wrote it; nothing of it has been checked yet."""

    ref: str
    mac: str
    partstat: str
    sequence: int
    stamp: datetime
    comment: str
    proposed_start: datetime | None
    proposed_end: datetime | None
    address: str


def read_replies(content: bytes) -> list[CalendarReply]:
    """The answers in a calendar. Raises NoReply, and nothing else."""
    if len(content) > LARGEST:
        raise NoReply("The calendar is too large for an answer.")
    try:
        calendar = components(content, WANTED)
        entries = list(calendar.walk("VEVENT"))
    except CalendarError:
        raise NoReply("The calendar cannot be read.") from None
    if not 0 < len(entries) <= MOST_ENTRIES:
        raise NoReply(f"The calendar has {len(entries):,} entries.")
    methods = {each.text("METHOD").strip().upper() for each in calendar.walk("VCALENDAR")}
    if len(methods) != 1 or not methods <= {REPLY, COUNTER}:
        raise NoReply("The calendar is no answer.")
    return [_read(entry, countered=methods == {COUNTER}) for entry in entries]


def _read(entry: Component, *, countered: bool) -> CalendarReply:
    found = _UID.fullmatch(entry.text("UID").strip())
    if found is None:
        raise NoReply("It answers an entry that Tandem did not send to one person.")
    # An answer has one: whoever answers.
    attendees = entry.properties.get("ATTENDEE", [])
    if len(attendees) != 1:
        raise NoReply("It does not say who answers.")
    attendee = attendees[0]
    sequence = entry.text("SEQUENCE").strip() or "0"
    if not (sequence.isascii() and sequence.isdigit() and len(sequence) <= MOST_DIGITS):
        raise NoReply("It does not say which plan it answers.")
    start, end = _times(entry) if countered else (None, None)
    return CalendarReply(
        ref=found["ref"],
        mac=found["code"],
        partstat=attendee.parameters.get("PARTSTAT", "NEEDS-ACTION").strip().upper(),
        sequence=int(sequence),
        stamp=_moment(entry.first("DTSTAMP")),
        comment=_plain(entry.text("COMMENT")),
        proposed_start=start,
        proposed_end=end,
        address=_address(attendee),
    )


def _times(entry: Component) -> tuple[datetime, datetime]:
    """The time that is proposed instead."""
    start = _moment(entry.first("DTSTART"))
    try:
        if entry.first("DTEND") is None and (length := entry.first("DURATION")):
            return start, start + read_length(length.value)
    except (Unreadable, OverflowError):
        raise NoReply("It proposes a time that cannot be read.") from None
    return start, _moment(entry.first("DTEND"))


def _moment(given: Property | None) -> datetime:
    try:
        if given is not None and (written := read_written(given)).clock is not None:
            return written.moment
    except (Unreadable, OverflowError):
        pass
    raise NoReply("It does not say when, or not in a way that can be read.")


def _address(attendee: Property) -> str:
    """The address of whoever answers, from `mailto:…`."""
    value = _UNSEEN.sub("", attendee.value).strip()
    scheme, colon, address = value.partition(":")
    return address.strip()[:254] if colon and scheme.lower() == "mailto" else ""


def _plain(text: str) -> str:
    """A text as people read it: escapes undone, lines kept."""
    said = _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)
    return _UNSEEN.sub(" ", said).strip()[:LONGEST_COMMENT]


def is_reply(message: Received) -> bool:
    """A message with the answer of a calendar program in it, as a part or as a file."""
    return any(True for _ in _calendars(message))


def _calendars(message: Received) -> Iterator[bytes]:
    for part in message.parts:
        if part.content_type in CALENDARS or part.file_name.lower().endswith(".ics"):
            content = part.content()
            if _METHOD.search(content[:LARGEST]) or _says_method(part):
                yield content


def _says_method(part: Part) -> bool:
    return part.parameter("method").upper() in {REPLY, COUNTER}


def handle(message: Received) -> Verdict:
    """Take the answers in. The same one often stands in a message twice, as part and as file."""
    try:
        found = {reply for content in _calendars(message) for reply in read_replies(content)}
    except NoReply as problem:
        return Verdict(Folder.OTHER, str(problem))
    verdicts = [_take_in(reply) for reply in sorted(found, key=lambda reply: reply.stamp)]
    left = [verdict for verdict in verdicts if verdict.folder == Folder.OTHER]
    return (left or verdicts)[-1]


def _take_in(reply: CalendarReply) -> Verdict:
    posting = _answerer(reply)
    if posting is None:
        return Verdict(Folder.OTHER, "Its entry was not sent to whoever answers.")
    if reply.proposed_start is not None and reply.proposed_end is not None:
        return _propose(reply, posting, reply.proposed_start, reply.proposed_end)
    answer = ANSWERS.get(reply.partstat)
    if answer is None:
        return Verdict(Folder.OTHER, "It says neither yes nor no nor perhaps.")
    noted = note_reply(
        touchpoint_ref=reply.ref,
        posting_id=posting,
        answer=answer,
        sequence=reply.sequence,
        stamp=reply.stamp,
        address=reply.address,
    )
    folder = Folder.OTHER if noted is Noted.UNKNOWN else Folder.HANDLED
    return Verdict(folder, f"The answer was read: {noted.value}.")


def _propose(reply: CalendarReply, posting: int, start: datetime, end: datetime) -> Verdict:
    """Propose another time in the name of whoever was sent the entry, as their link would.

    What cannot be proposed waits for a person, with the reason.
    """
    try:
        noted = propose_by_calendar(
            touchpoint_ref=reply.ref,
            posting_id=posting,
            sequence=reply.sequence,
            stamp=reply.stamp,
            address=reply.address,
            starts_at=start,
            ends_at=end,
            words=reply.comment,
        )
    except ValidationError as refusal:
        # Which organisations work together is not for operators to read.
        known = getattr(refusal, "code", "") == ANOTHER_WAITS
        why = "A colleague's proposal waits for its answer." if known else refusal.messages[0]
        return Verdict(Folder.OTHER, f"It proposes another time, which cannot be: {why}")
    folder = Folder.OTHER if noted is Noted.UNKNOWN else Folder.HANDLED
    return Verdict(folder, f"It proposes another time: {noted.value}.")


def _answerer(reply: CalendarReply) -> int | None:
    """Whose code it is, of all who are or were invited."""
    organisation = organisation_behind(reply.ref)
    if organisation is None:
        return None
    with acting(Scope(organisation_id=organisation)):
        invited = list(
            Attendee.objects.filter(touchpoint__ref=reply.ref).values_list("posting_id", flat=True)
        )
    return next((each for each in invited if is_code_of(reply.mac, reply.ref, each)), None)


def register_sort() -> None:
    """Make answers known to the inbox."""
    inbox.register(
        Sort(
            "calendar-reply",
            "Answer from a calendar",
            recognise=is_reply,
            handle=handle,
            rank=30,
        )
    )
