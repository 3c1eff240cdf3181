"""Complaints: somebody pressed "this is junk", and their provider tells us (ARF, RFC 5965)."""

from __future__ import annotations

from organisations.models import Choice
from organisations.outbox.identity import reference_of
from organisations.outbox.inbox.bounces import NOT_OURS, ORIGINALS
from organisations.outbox.inbox.messages import Received
from organisations.outbox.inbox.proof import delivery_held
from organisations.outbox.inbox.sorts import Folder, Sort, Verdict, register
from organisations.outbox.preferences.groups import groups_to_choose
from organisations.outbox.preferences.services import choose

FEEDBACK = "message/feedback-report"
# What else such a report may be about says nothing of what somebody wants.
ABUSE = {"abuse", "opt-out", "opt-out-list", ""}
COMPLAINT = "complaint"
STOPPED = "Somebody called this e-mail junk: the address gets no more of what may be stopped."
KNOWN = "Somebody called this e-mail junk; what may be stopped had been stopped."


def is_complaint(message: Received) -> bool:
    """A report of that form, whatever it is about."""
    return bool(message.parts_of(FEEDBACK))


def handle(message: Received) -> Verdict:
    """Stop every e-mail to that address that may be stopped, and have it listed for operators.

    Whoever pressed that button will not look for a link; and a provider that keeps hearing it
    keeps our e-mail from everybody else.
    """
    kinds = {
        block.header("Feedback-Type").lower()
        for part in message.parts_of(FEEDBACK)
        for block in part.blocks()
    } - {""}
    inside = [original for part in message.parts_of(*ORIGINALS) if (original := part.original())]
    delivery = delivery_held(inside)
    if delivery is None:
        return Verdict(Folder.OTHER, NOT_OURS)
    if kinds and not kinds & ABUSE:
        return Verdict(Folder.OTHER, "A report about an e-mail that is no complaint.", delivery.pk)
    choices = {group.name: Choice.NEVER.value for group in groups_to_choose()}
    stopped = choose(by=None, choices=choices, reference=reference_of(delivery))
    return Verdict(Folder.HANDLED, STOPPED if stopped else KNOWN, delivery.pk)


def register_sort() -> None:
    """Make it known."""
    register(Sort(COMPLAINT, "Complaint", recognise=is_complaint, handle=handle, rank=10))
