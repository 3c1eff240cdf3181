"""The e-mail that tells an organisation's managers that an operator reads its records."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from organisations import outbox
from organisations.actor import Actor
from organisations.joining import managers
from organisations.models import Delivery, Organisation, SupportSession
from organisations.outbox import NotNeeded

STARTED = "support_started"


def say_started(session: SupportSession, *, by: Actor) -> None:
    """Tell every manager."""
    for address in managers.addresses(session.organisation_id):
        outbox.enqueue(
            kind=STARTED,
            subject=session.ref,
            recipient=address,
            by=None,
            payload={
                "organisation": session.organisation.name,
                "slug": session.organisation.slug,
                "reason": session.reason,
                "until": session.ends_at.isoformat(),
            },
        )


def _started(delivery: Delivery) -> EmailMessage | NotNeeded:
    facts = delivery.payload
    organisation = Organisation.objects.filter(slug=facts["slug"]).first()
    if not managers.is_one(delivery.recipient, organisation.pk if organisation else None):
        return managers.NO_LONGER_ONE
    page = reverse("support-sessions", kwargs={"organisation_slug": facts["slug"]})
    return outbox.letter(
        STARTED,
        subject=f"An operator is reading the records of {facts['organisation']}",
        to=delivery.recipient,
        context={
            "organisation": facts["organisation"],
            "reason": facts["reason"],
            "until": parse_datetime(facts["until"]),
            "page": f"{settings.BASE_URL}{page}",
        },
    )


def register() -> None:
    """Make this kind known to the outbox."""
    outbox.register(outbox.Kind(name=STARTED, label="Support session started", compose=_started))
