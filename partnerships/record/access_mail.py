"""E-mails to people who were given access to one partnership, or whose access ended.

Written just before they go, as the organisation that gave it sees the record then.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage

from organisations import outbox
from organisations.actor import Actor
from organisations.models import Delivery
from organisations.outbox import NotNeeded
from organisations.references import new_ref
from partnerships.record.grants import Allows
from partnerships.record.models import Partnership, PartnershipGrant

GIVEN = "grant_given"
ENDED = "grant_ended"


def say_given(grant: PartnershipGrant, *, by: Actor) -> None:
    """Tell the person what they may see from now on."""
    _ask(GIVEN, grant, by=by)


def say_ended(grant: PartnershipGrant, *, by: Actor) -> None:
    """Tell the person that it is over. Each grant has e-mails of its own."""
    _ask(ENDED, grant, by=by)


def compose_given(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Who gave what, to which partnership, until when, and the link."""
    grant = (
        PartnershipGrant.objects.filter(pk=delivery.payload["grant"])
        .select_related("content_object__owner", "given_by", "permission")
        .first()
    )
    if grant is None:
        return NotNeeded("The access was ended.")
    partnership = grant.content_object
    return outbox.letter(
        GIVEN,
        subject=f"{partnership.owner.name} shares a partnership with you",
        to=delivery.recipient,
        context={
            "grant": grant,
            "partnership": partnership,
            "changes": grant.permission.codename == Allows.CHANGE,
            "page": f"{settings.BASE_URL}/r/p-{partnership.ref}/",
        },
    )


def compose_ended(delivery: Delivery) -> EmailMessage | NotNeeded:
    """That a partnership is no longer shared with the person."""
    partnership = (
        Partnership.objects.filter(pk=delivery.payload["partnership"])
        .select_related("owner")
        .first()
    )
    if partnership is None:
        return NotNeeded("The partnership is no longer there.")
    return outbox.letter(
        ENDED,
        subject=f"{partnership.owner.name} no longer shares a partnership with you",
        to=delivery.recipient,
        context={"partnership": partnership},
    )


def register() -> None:
    """Make these kinds known to the outbox."""
    outbox.register(
        outbox.Kind(name=GIVEN, label="Access to a partnership given", compose=compose_given)
    )
    outbox.register(
        outbox.Kind(
            name=ENDED,
            label="Access to a partnership ended",
            compose=compose_ended,
            after_leaving=True,
        )
    )


def _ask(kind: str, grant: PartnershipGrant, *, by: Actor) -> None:
    outbox.enqueue(
        kind=kind,
        subject=new_ref(),
        recipient=grant.user.email,
        by=by,
        payload={"grant": grant.pk, "partnership": grant.content_object_id},
    )
