"""The e-mail that says a file is ready. It carries a link and none of the records."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from organisations import outbox
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.joining import managers
from organisations.models import Delivery, RecordsExport
from organisations.outbox import NotNeeded

READY = "records_export_ready"


def say_ready(by: Actor, export: RecordsExport) -> None:
    """Tell whoever asked, in the transaction that keeps the file."""
    assert by.organisation is not None
    assert export.expires_at is not None
    outbox.enqueue(
        kind=READY,
        subject=export.ref,
        recipient=export.asked_by.email,
        by=by,
        payload={
            "page": page_of(by, "records-export", ref=export.ref),
            "organisation": by.organisation.name,
            "until": export.expires_at.isoformat(),
        },
    )


def compose(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Where to fetch it, and until when."""
    facts = delivery.payload
    until = datetime.fromisoformat(facts["until"])
    if until <= timezone.now():
        return NotNeeded("The file is not there any more.")
    if not managers.is_one(delivery.recipient, delivery.organisation_id):
        return managers.NO_LONGER_ONE
    return outbox.letter(
        READY,
        subject=f"The records of {facts['organisation']} are ready to download",
        to=delivery.recipient,
        context={
            "organisation": facts["organisation"],
            "until": until,
            "page": f"{settings.BASE_URL}{facts['page']}",
        },
    )


def register() -> None:
    """Make it known to the outbox."""
    outbox.register(outbox.Kind(name=READY, label="Records ready to download", compose=compose))
