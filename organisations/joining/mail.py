"""E-mails about an organisation's standing: opened, suspended, reinstated, left.

They go out on nobody's behalf, since the organisation may be closed by then.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from organisations import outbox
from organisations.joining import managers
from organisations.models import Delivery, Organisation, Suspension
from organisations.references import new_ref

OPENED = "organisation_opened"
SUSPENDED = "organisation_suspended"
REINSTATED = "organisation_reinstated"
LEFT = "organisation_left"
SUBJECTS = {
    OPENED: "{organisation} is open: what happens next",
    SUSPENDED: "{organisation} has been suspended",
    REINSTATED: "{organisation} is open again",
    LEFT: "{organisation} has left",
}


def say_opened(organisation: Organisation) -> None:
    """Tell its managers what happens next."""
    _ask(OPENED, organisation, managers.addresses(organisation.pk))


def say_suspended(organisation: Organisation, why: Suspension, to: list[str]) -> None:
    """Tell its managers, with the reason."""
    _ask(SUSPENDED, organisation, to, reason=why.reason)


def say_reinstated(organisation: Organisation, why: Suspension, to: list[str]) -> None:
    """Tell its managers that it is open again."""
    _ask(REINSTATED, organisation, to, reason=why.lifted_note)


def say_left(organisation: Organisation, to: list[str]) -> None:
    """Tell everyone who belonged to it."""
    _ask(LEFT, organisation, to)


def _ask(kind: str, organisation: Organisation, to: list[str], **facts: Any) -> None:
    subject = new_ref()
    for address in to:
        outbox.enqueue(
            kind=kind,
            subject=subject,
            recipient=address,
            by=None,
            payload={"organisation": organisation.name, "slug": organisation.slug, **facts},
        )


def _compose(delivery: Delivery) -> EmailMessage:
    facts = delivery.payload
    page = reverse("my-organisations")
    if delivery.kind == OPENED:
        page = reverse("welcome", kwargs={"organisation_slug": facts["slug"]})
    return outbox.letter(
        delivery.kind,
        subject=SUBJECTS[delivery.kind].format(organisation=facts["organisation"]),
        to=delivery.recipient,
        context={**facts, "page": f"{settings.BASE_URL}{page}"},
    )


def register() -> None:
    """Make these kinds known to the outbox."""
    for name, label in (
        (OPENED, "Organisation opened"),
        (SUSPENDED, "Organisation suspended"),
        (REINSTATED, "Organisation reinstated"),
        (LEFT, "Organisation left"),
    ):
        outbox.register(outbox.Kind(name=name, label=label, compose=_compose))
