"""Reports that an e-mail was not delivered, or not yet (RFC 3464, and mail servers' own words).

Only a failure for good changes anything. What it says of the address follows its status: a mailbox
that is not there refuses every e-mail, a text that was too large or not wanted says nothing of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection

from organisations.models import Delivery
from organisations.outbox.composing import tell_refused
from organisations.outbox.identity import reference_of
from organisations.outbox.inbox.messages import Part, Received
from organisations.outbox.inbox.proof import delivery_in, delivery_quoted
from organisations.outbox.inbox.sorts import Folder, Sort, Verdict, register

REPORTS = ("message/delivery-status", "message/global-delivery-status")
ORIGINALS = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/global",
    "message/global-headers",
    "message/rfc822-headers",
)
FAILED, DELAYED = "failed", "delayed"
NOT_OURS = "It tells of an e-mail that Tandem did not send, or cannot prove that it did."
STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
IN_WORDS = re.compile(r"\b5\d\d[ -]+#?(5\.\d{1,3}\.\d{1,3})\b")
DAEMONS = ("mailer-daemon", "postmaster")
# By class and subject of the status (RFC 3463): what is said, and whether the address is at fault.
OF_THE_ADDRESS = {
    "1": "There is no such mailbox",
    "2": "The mailbox takes no e-mail",
    "4": "The address's mail server could not be reached",
}
OF_THE_MESSAGE = {
    "3": "The address's mail server could not take this e-mail",
    "5": "The mail servers did not understand each other",
    "6": "The address's mail server could not take what is in this e-mail",
    "7": "The address's mail server does not want this e-mail, by a rule of its own",
}
TOO_LONG = "The mailbox took no e-mail for days"


@dataclass(frozen=True, slots=True)
class Fate:
    """What a report says of one e-mail."""

    action: str
    status: str  # "5.1.1", or empty

    @property
    def blames_address(self) -> bool:
        """Whether no e-mail will arrive there."""
        return self.status.split(".")[1:2] != [] and self.status.split(".")[1] not in OF_THE_MESSAGE

    @property
    def reason(self) -> str:
        """In words that name nobody."""
        kind, _, rest = self.status.partition(".")
        subject = rest.partition(".")[0]
        words = OF_THE_MESSAGE.get(subject) or (
            TOO_LONG
            if kind == "4"
            else OF_THE_ADDRESS.get(subject, "The address refused the e-mail")
        )
        return f"{words} ({self.status})."


def is_bounce(message: Received) -> bool:
    """A report, or a mail server's own words that quote our e-mail."""
    return bool(message.parts_of(*REPORTS)) or (
        _is_from_mail_server(message) and _in_words(message) is not None
    )


def handle(message: Received) -> Verdict:
    """Mark the delivery, and let its kind know of an address that takes no e-mail."""
    found = fate_in(message)
    if found is None:
        return Verdict(Folder.OTHER, "A report about an e-mail that says neither what nor why.")
    fate, delivery = found
    if delivery is None:
        return Verdict(Folder.OTHER, NOT_OURS)
    if fate.action != FAILED:
        words = "Not delivered yet" if fate.action == DELAYED else "Delivered, or handed on"
        status = f" ({fate.status})" if fate.status else ""
        return Verdict(Folder.HANDLED, f"{words}{status}: nothing was changed.", delivery.pk)
    delivery.reason = fate.reason
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.note_returned(%s, %s)", [reference_of(delivery), fate.reason])
        (worse,) = cursor.fetchone()
    if worse and fate.blames_address:
        tell_refused(delivery)
    said = fate.reason if worse else f"{fate.reason} It was known, or had not been sent."
    return Verdict(Folder.HANDLED, said, delivery.pk)


def fate_in(message: Received) -> tuple[Fate, Delivery | None] | None:
    """What happened, and to which e-mail of ours."""
    reports = message.parts_of(*REPORTS)
    if not reports:
        return _in_words(message)
    fates = [fate for report in reports for block in report.blocks() if (fate := _read(block))]
    if not fates:
        return None
    # One of ours has one recipient: whatever else a report tells of, the worst is about it.
    worst = min(fates, key=lambda fate: (fate.action != FAILED, fate.action != DELAYED))
    originals = message.parts_of(*ORIGINALS)
    inside = [original for part in originals if (original := part.original())]
    return worst, delivery_in(inside)


def _read(block: Part) -> Fate | None:
    action = block.header("Action").partition(";")[0].strip().lower()
    if not action:
        return None
    found = STATUS.search(block.header("Status")) or STATUS.search(block.header("Diagnostic-Code"))
    status = found[0] if found else ("5.0.0" if action == FAILED else "")
    return Fate(action, status)


def _is_from_mail_server(message: Received) -> bool:
    return (
        message.header("Return-Path") == "<>"
        or message.sender.partition("@")[0].lower() in DAEMONS
        or message.header("X-Failed-Recipients") != ""
    )


def _in_words(message: Received) -> tuple[Fate, Delivery | None] | None:
    """Of a mail server that writes no report: its words, and our headers where it quotes them."""
    for part in message.parts_of("text/plain"):
        text = part.text()
        status = IN_WORDS.search(text)
        if status is None:
            continue
        inside = [each for p in message.parts_of(*ORIGINALS) if (each := p.original())]
        delivery = delivery_in(inside) or delivery_quoted(text)
        if delivery is not None:
            return Fate(FAILED, status[1]), delivery
    return None


def register_sort() -> None:
    """Make it known."""
    register(Sort("bounce", "Not delivered", recognise=is_bounce, handle=handle, rank=20))
