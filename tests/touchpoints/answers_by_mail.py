"""Answers to invitations, in the shapes in which Outlook, Google and Apple calendars write them."""

from __future__ import annotations

from base64 import encodebytes
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from zoneinfo import ZoneInfo

from icalendar import Event

_numbers = count(1)
Write = Callable[..., bytes]
STAMP = datetime(2027, 1, 5, 10, 0, tzinfo=UTC)


def _id() -> str:
    return f"<{next(_numbers)}.answer@provider.example>"


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%SZ")


def _folded(text: str) -> str:
    """Lines as calendars write them: 75 long at most, ended by both characters."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        first, rest = line[:74], line[74:]
        lines += [first, *(f" {rest[at : at + 73]}" for at in range(0, len(rest), 73))]
    return "\r\n".join([*lines, ""])


def outlook(
    event: Event, address: str, said: str, *, stamp: datetime = STAMP, sequence: int | None = None
) -> bytes:
    """Exchange: one part, with its own names of time zones, base64."""
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    calendar = _folded(f"""
BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:GMT Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT={said};CN=Contact:mailto:{address}
COMMENT;LANGUAGE=en-GB:Thank you\\, we will be there\\n
UID:{event["UID"]}
SUMMARY;LANGUAGE=en-GB:Accepted: {event["SUMMARY"]}
DTSTART;TZID=GMT Standard Time:{start:%Y%m%dT%H%M%S}
DTEND;TZID=GMT Standard Time:{end:%Y%m%dT%H%M%S}
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:{_stamp(stamp)}
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:{event["SEQUENCE"] if sequence is None else sequence}
X-MICROSOFT-CDO-APPT-SEQUENCE:0
X-MICROSOFT-CDO-REPLYTIME:{_stamp(stamp)}
END:VEVENT
END:VCALENDAR
""")
    encoded = encodebytes(calendar.encode()).decode()
    return f"""From: <{address}>
To: Tandem <tandem@service.example>
Subject: Accepted: touchpoint
Message-ID: {_id()}
Content-Type: multipart/alternative; boundary="_000_"
MIME-Version: 1.0

--_000_
Content-Type: text/plain; charset="iso-8859-1"

Thank you, we will be there

--_000_
Content-Type: text/calendar; charset="utf-8"; method=REPLY
Content-Transfer-Encoding: base64

{encoded}
--_000_--
""".encode()


def google(
    event: Event, address: str, said: str, *, stamp: datetime = STAMP, sequence: int | None = None
) -> bytes:
    """Google: the same calendar as part and as file."""
    calendar = _folded(f"""
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
DTSTART:{_stamp(event["DTSTART"].dt)}
DTEND:{_stamp(event["DTEND"].dt)}
DTSTAMP:{_stamp(stamp)}
ORGANIZER;CN=Tandem:mailto:tandem@service.example
UID:{event["UID"]}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={said};CN={address};X-NUM-GUESTS=0:mailto:{address}
X-MICROSOFT-CDO-OWNERAPPTID:-1
CREATED:{_stamp(stamp)}
DESCRIPTION:
LAST-MODIFIED:{_stamp(stamp)}
SEQUENCE:{event["SEQUENCE"] if sequence is None else sequence}
STATUS:CONFIRMED
SUMMARY:{event["SUMMARY"]}
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
""")
    return f"""Reply-To: Contact <{address}>
Sender: Calendar <calendar-notification@provider.example>
Auto-Submitted: auto-generated
Message-ID: {_id()}
Subject: Accepted: touchpoint
From: Contact <{address}>
To: tandem@service.example
Content-Type: multipart/mixed; boundary="m1"
MIME-Version: 1.0

--m1
Content-Type: multipart/alternative; boundary="m2"

--m2
Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes

Contact has accepted this invitation.

--m2
Content-Type: text/calendar; charset="UTF-8"; method=REPLY
Content-Transfer-Encoding: 7bit

{calendar}
--m2--

--m1
Content-Type: application/ics; name="invite.ics"
Content-Disposition: attachment; filename="invite.ics"

{calendar}
--m1--
""".encode()


def apple(
    event: Event, address: str, said: str, *, stamp: datetime = STAMP, sequence: int | None = None
) -> bytes:
    """Apple: London's clock by its own name, quoted-printable, a parameter folded."""
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    calendar = _folded(f"""
BEGIN:VCALENDAR
CALSCALE:GREGORIAN
VERSION:2.0
METHOD:REPLY
PRODID:-//Apple Inc.//macOS 26.0//EN
BEGIN:VEVENT
UID:{event["UID"]}
DTEND;TZID=Europe/London:{end:%Y%m%dT%H%M%S}
SUMMARY:{event["SUMMARY"]}
ATTENDEE;CN="Contact";CUTYPE=INDIVIDUAL;EMAIL="{address}";PARTSTAT={said};ROLE=REQ-PARTICIPANT:mailto:{address}
DTSTART;TZID=Europe/London:{start:%Y%m%dT%H%M%S}
DTSTAMP:{_stamp(stamp)}
ORGANIZER;CN="Tandem":mailto:tandem@service.example
SEQUENCE:{event["SEQUENCE"] if sequence is None else sequence}
END:VEVENT
END:VCALENDAR
""")
    quoted = calendar.replace("=", "=3D")
    return f"""From: Contact <{address}>
Content-Type: multipart/alternative; boundary="Apple-Mail=_1"
Subject: Accepted: touchpoint
Message-Id: {_id()}
To: tandem@service.example
Mime-Version: 1.0

--Apple-Mail=_1
Content-Transfer-Encoding: 7bit
Content-Type: text/plain; charset=us-ascii

Contact accepted.

--Apple-Mail=_1
Content-Type: text/calendar; charset=utf-8; method=REPLY; name=iCal.ics
Content-Transfer-Encoding: quoted-printable

{quoted}
--Apple-Mail=_1--
""".encode()


def another_time(
    event: Event,
    address: str,
    start: datetime,
    end: datetime,
    *,
    write: Write = google,
    stamp: datetime = STAMP,
) -> bytes:
    """What "Propose New Time" sends, in the shape of Google or of Outlook."""
    if write is outlook:
        return _outlook_counter(event, address, start, end, stamp)
    accepted = google(event, address, "TENTATIVE", stamp=stamp)
    written = accepted.replace(b"METHOD:REPLY", b"METHOD:COUNTER").replace(b"=REPLY", b"=COUNTER")
    for name, now in (("DTSTART", start), ("DTEND", end)):
        before = f"{name}:{_stamp(event[name].dt)}".encode()
        assert before in written
        written = written.replace(before, f"{name}:{_stamp(now)}".encode())
    return written


def _outlook_counter(
    event: Event, address: str, start: datetime, end: datetime, stamp: datetime
) -> bytes:
    """Exchange: its own names of time zones, what was planned in fields of its own, base64."""
    clock = "%Y%m%dT%H%M%S"
    london = ZoneInfo("Europe/London")
    calendar = _folded(f"""
BEGIN:VCALENDAR
METHOD:COUNTER
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;PARTSTAT=TENTATIVE;CN=Contact:mailto:{address}
COMMENT;LANGUAGE=en-GB:We are in court\\, sorry\\n
UID:{event["UID"]}
SUMMARY;LANGUAGE=en-GB:New Time Proposed: {event["SUMMARY"]}
DTSTART;TZID=GMT Standard Time:{start.astimezone(london).strftime(clock)}
DTEND;TZID=GMT Standard Time:{end.astimezone(london).strftime(clock)}
CLASS:PUBLIC
DTSTAMP:{_stamp(stamp)}
STATUS:TENTATIVE
SEQUENCE:{event["SEQUENCE"]}
X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE
X-MS-OLK-ORIGINALSTART:{_stamp(event["DTSTART"].dt)}
X-MS-OLK-ORIGINALEND:{_stamp(event["DTEND"].dt)}
END:VEVENT
END:VCALENDAR
""")
    return f"""From: <{address}>
To: Tandem <tandem@service.example>
Subject: New Time Proposed: touchpoint
Message-ID: {_id()}
Content-Type: multipart/alternative; boundary="_000_"
MIME-Version: 1.0

--_000_
Content-Type: text/plain; charset="iso-8859-1"

We are in court, sorry

--_000_
Content-Type: text/calendar; charset="utf-8"; method=COUNTER
Content-Transfer-Encoding: base64

{encodebytes(calendar.encode()).decode()}
--_000_--
""".encode()
