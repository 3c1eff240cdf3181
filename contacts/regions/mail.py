"""E-mails to people who were given a region to manage, or from whom it was taken away.

They go out on nobody's behalf, so their few facts travel with the delivery.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.dateparse import parse_date

from contacts.models import RegionGrant
from organisations import outbox
from organisations.models import Delivery
from organisations.references import new_ref

GIVEN = "region_given"
TAKEN = "region_taken"


def say_given(grant: RegionGrant) -> None:
    """Tell the person what they manage from now on."""
    _ask(GIVEN, grant)


def say_taken(grant: RegionGrant) -> None:
    """Tell the person that it is over."""
    _ask(TAKEN, grant)


def _ask(kind: str, grant: RegionGrant) -> None:
    region = grant.content_object
    outbox.enqueue(
        kind=kind,
        subject=new_ref(),
        recipient=grant.user.email,
        by=None,
        payload={
            "region": region.name,
            "slug": region.slug,
            "ends": grant.ends.isoformat() if grant.ends else "",
        },
    )


def _given(delivery: Delivery) -> EmailMessage:
    facts = delivery.payload
    return outbox.letter(
        GIVEN,
        subject=f"You manage the directory of {facts['region']}",
        to=delivery.recipient,
        context={
            "region": facts["region"],
            "ends": parse_date(facts["ends"]) if facts["ends"] else None,
            "page": f"{settings.BASE_URL}{reverse('region', args=[facts['slug']])}",
        },
    )


def _taken(delivery: Delivery) -> EmailMessage:
    region = delivery.payload["region"]
    return outbox.letter(
        TAKEN,
        subject=f"You no longer manage the directory of {region}",
        to=delivery.recipient,
        context={"region": region},
    )


def register() -> None:
    """Make these kinds known to the outbox."""
    outbox.register(outbox.Kind(name=GIVEN, label="Region given to manage", compose=_given))
    outbox.register(outbox.Kind(name=TAKEN, label="Region taken away", compose=_taken))
