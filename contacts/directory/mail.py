"""E-mails about contact details that are given on request: asked for, given or refused.

They go out on nobody's behalf, so their few facts travel with the delivery. No contact details
and no words of the request are among them.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.urls import reverse

from contacts.models import DetailsRequest
from organisations import outbox
from organisations.models import Delivery, User
from organisations.outbox import NotNeeded
from organisations.references import new_ref
from organisations.tenancy.scope import Scope, acting

ASKED = "details_asked"
DECIDED = "details_decided"


def say_asked(request: DetailsRequest) -> None:
    """Tell whoever manages the region that somebody asks."""
    region = request.posting.region
    assert region is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.admins_of_region(%s)", [region.pk])
        admins = [number for (number,) in cursor.fetchall()]
    subject = new_ref()
    for address in User.objects.filter(pk__in=admins).values_list("email", flat=True):
        outbox.enqueue(
            kind=ASKED,
            subject=subject,
            recipient=address,
            by=None,
            payload={
                "organisation": request.organisation.name,
                "person": request.posting.person.name,
                "region": region.name,
                "region_id": region.pk,
                "ref": request.ref,
                "page": reverse("details-request", args=[region.slug, request.ref]),
            },
        )


def say_decided(request: DetailsRequest) -> None:
    """Tell whoever asked what was decided."""
    outbox.enqueue(
        kind=DECIDED,
        subject=new_ref(),
        recipient=request.asked_by.email,
        by=None,
        payload={
            "person": request.posting.person.name,
            "approved": bool(request.approved),
            "page": reverse(
                "directory-person", args=[request.organisation.slug, request.posting.ref]
            ),
        },
    )


def _asked(delivery: Delivery) -> EmailMessage | NotNeeded:
    facts = delivery.payload
    reader = User.objects.filter(email__iexact=delivery.recipient, is_active=True).first()
    with acting(Scope(user_id=reader.pk if reader else None)), connection.cursor() as cursor:
        cursor.execute("SELECT tandem.manages_region(%s)", [facts["region_id"]])
        (manages,) = cursor.fetchone()
        if not manages:
            return NotNeeded("They no longer manage the region, or have another address.")
        if not DetailsRequest.objects.filter(ref=facts["ref"], approved=None).exists():
            return NotNeeded("The request was decided.")
    return _letter(delivery, f"{facts['organisation']} asks how to reach {facts['person']}")


def _decided(delivery: Delivery) -> EmailMessage:
    facts = delivery.payload
    said = "You can see" if facts["approved"] else "You were not given"
    return _letter(delivery, f"{said} the contact details of {facts['person']}")


def _letter(delivery: Delivery, subject: str) -> EmailMessage:
    facts = delivery.payload
    return outbox.letter(
        delivery.kind,
        subject=subject,
        to=delivery.recipient,
        context={**facts, "page": f"{settings.BASE_URL}{facts['page']}"},
    )


def register() -> None:
    """Make these kinds known to the outbox."""
    for name, label, compose in (
        (ASKED, "Contact details asked for", _asked),
        (DECIDED, "Contact details given or refused", _decided),
    ):
        outbox.register(outbox.Kind(name, label, compose, group=outbox.groups.DIRECTORY))
