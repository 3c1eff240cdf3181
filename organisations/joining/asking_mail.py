"""E-mails about asking to speak for an organisation: to the person, and to operators.

They belong to no organisation, so their few facts travel with the delivery; what somebody
wrote about themselves stays on the operator's page.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from organisations import outbox
from organisations.actor import Actor
from organisations.models import Delivery, JoiningRequest, User
from organisations.models.joining import JoiningState
from organisations.outbox import NotNeeded
from organisations.tenancy.scope import Scope, acting

RECEIVED = "joining_received"
TO_DECIDE = "joining_to_decide"
DECIDED = "joining_decided"


def say_received(joining: JoiningRequest, *, by: Actor, meets: str = "") -> None:
    """Tell the person what happens next, and every operator that something waits.

    `meets` says what stands beside the claim: "people" who belong there, or other "claims".
    """
    payload: dict[str, Any] = {"organisation": joining.organisation.name, "meets": meets}
    _ask(RECEIVED, joining, joining.user.email, by, payload)
    for operator in User.objects.filter(is_operator=True, is_active=True):
        _ask(TO_DECIDE, joining, operator.email, by, payload)


def say_decided(joining: JoiningRequest, *, by: Actor) -> None:
    """Tell the person, with the reason where it was declined."""
    approved = joining.state == JoiningState.APPROVED
    payload = {
        "organisation": joining.organisation.name,
        "approved": approved,
        "opens": approved and not joining.organisation.has_joined,
        "reason": "" if approved else joining.decision_note,
    }
    _ask(DECIDED, joining, joining.user.email, by, payload)


def _ask(
    kind: str, joining: JoiningRequest, recipient: str, by: Actor, payload: dict[str, Any]
) -> None:
    outbox.enqueue(kind=kind, subject=joining.ref, recipient=recipient, by=by, payload=payload)


def _received(delivery: Delivery) -> EmailMessage:
    return _letter(delivery, "You asked to speak for {organisation}", "my-organisations")


def _to_decide(delivery: Delivery) -> EmailMessage | NotNeeded:
    operator = User.objects.filter(
        is_operator=True, is_active=True, email__iexact=delivery.recipient
    ).first()
    if operator is None:
        return NotNeeded("They are no longer an operator, or have another address.")
    with acting(Scope(user_id=operator.pk)):
        waits = JoiningRequest.objects.filter(ref=delivery.subject, state=JoiningState.PENDING)
        if not waits.exists():
            return NotNeeded("The request was decided.")
    return _letter(
        delivery, "Someone asks to speak for {organisation}", "decide-joining", delivery.subject
    )


def _decided(delivery: Delivery) -> EmailMessage:
    if delivery.payload["approved"]:
        return _letter(delivery, "You now speak for {organisation}", "start")
    return _letter(
        delivery, "Your request to speak for {organisation} was declined", "my-organisations"
    )


def _letter(delivery: Delivery, subject: str, page: str, *page_of: str) -> EmailMessage:
    facts = delivery.payload
    return outbox.letter(
        delivery.kind,
        subject=subject.format(organisation=facts["organisation"]),
        to=delivery.recipient,
        context={**facts, "page": f"{settings.BASE_URL}{reverse(page, args=page_of)}"},
    )


def register() -> None:
    """Make these kinds known to the outbox."""
    for name, label, compose in (
        (RECEIVED, "Request to speak for an organisation received", _received),
        (TO_DECIDE, "Request to speak for an organisation to decide", _to_decide),
        (DECIDED, "Request to speak for an organisation decided", _decided),
    ):
        outbox.register(outbox.Kind(name=name, label=label, compose=compose))
