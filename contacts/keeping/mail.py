"""E-mails of whoever keeps a directory: what became of a report, and asking for a note.

They go out on nobody's behalf, so their few facts travel with the delivery.
"""

from __future__ import annotations

from django.core.mail import EmailMessage

from contacts.keeping import hand_over_links
from contacts.models import HandOver, Posting, Report, ReportState
from organisations import outbox
from organisations.models import Delivery

DECIDED = "report_decided"
NOTE = "hand_over_asked"


def say_decided(report: Report, posting: Posting) -> None:
    """Tell whoever reported a contact what became of it."""
    outbox.enqueue(
        kind=DECIDED,
        subject=report.ref,
        recipient=report.user.email,
        by=None,
        payload={
            "person": posting.person.name,
            "organisation": posting.organisation.name,
            "region": str(posting.region),
            "said": report.get_kind_display(),
            "applied": report.state == ReportState.APPLIED,
            "answer": report.answer,
        },
    )


def ask_for_note(asked: HandOver, posting: Posting) -> None:
    """Ask somebody who left for a note, at the work address that is recorded."""
    outbox.enqueue(
        kind=NOTE,
        subject=asked.ref,
        recipient=posting.details.email,
        by=None,
        payload={
            "person": posting.person.name,
            "job_title": posting.job_title,
            "organisation": posting.organisation.name,
            "region": str(posting.region),
            "source": posting.source,
            "link": hand_over_links.link_of(asked.ref),
        },
    )


def _decided(delivery: Delivery) -> EmailMessage:
    facts = delivery.payload
    return outbox.letter(
        DECIDED,
        subject=f"What you said about {facts['person']}, {facts['organisation']}",
        to=delivery.recipient,
        context=facts,
    )


def _note(delivery: Delivery) -> EmailMessage:
    facts = delivery.payload
    return outbox.letter(
        NOTE,
        subject=f"A note for whoever follows you at {facts['organisation']}",
        to=delivery.recipient,
        context=facts,
    )


def register() -> None:
    """Make these kinds known to the outbox."""
    for name, label, compose in (
        (DECIDED, "Report decided", _decided),
        (NOTE, "Hand-over note asked for", _note),
    ):
        outbox.register(outbox.Kind(name, label, compose, group=outbox.groups.DIRECTORY))
