"""Complaints: somebody pressed "this is junk", and their provider tells us (ARF, RFC 5965)."""

from __future__ import annotations

from organisations.outbox.inbox.bounces import NOT_OURS, ORIGINALS
from organisations.outbox.inbox.messages import Received
from organisations.outbox.inbox.proof import delivery_in
from organisations.outbox.inbox.sorts import Folder, Sort, Verdict, register

FEEDBACK = "message/feedback-report"
# What else such a report may be about says nothing of what somebody wants.
ABUSE = {"abuse", "opt-out", "opt-out-list", ""}
COMPLAINT = "complaint"


def is_complaint(message: Received) -> bool:
    """A report of that form, whatever it is about."""
    return bool(message.parts_of(FEEDBACK))


def handle(message: Received) -> Verdict:
    """Have it listed for operators, with the e-mail that it is about."""
    kinds = {
        block.header("Feedback-Type").lower()
        for part in message.parts_of(FEEDBACK)
        for block in part.blocks()
    } - {""}
    inside = [original for part in message.parts_of(*ORIGINALS) if (original := part.original())]
    delivery = delivery_in(inside)
    if delivery is None:
        return Verdict(Folder.OTHER, NOT_OURS)
    if kinds and not kinds & ABUSE:
        return Verdict(Folder.OTHER, "A report about an e-mail that is no complaint.", delivery.pk)
    return Verdict(Folder.HANDLED, "Somebody called this e-mail junk.", delivery.pk)


def register_sort() -> None:
    """Make it known."""
    register(Sort(COMPLAINT, "Complaint", recognise=is_complaint, handle=handle, rank=10))
