"""When an organisation joins or leaves: who is told first, and what it no longer takes part in.

Joining shows it nothing. What partners recorded is theirs until they invite it and it accepts.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from organisations import audit, outbox
from organisations.actor import ActingOrganisation, Actor
from organisations.joining import managers
from organisations.joining.registry import on_joined, on_leaving
from organisations.models import Delivery, Organisation
from organisations.outbox import NotNeeded
from organisations.references import new_ref
from organisations.tenancy.scope import Scope, acting
from partnerships.record.models import Invitation, Member, MemberState

JOINED = "partner_joined"
WAITING = (MemberState.RECORDED, MemberState.INVITED)


def tell_who_recorded(organisation: Organisation, by: Actor) -> None:
    """Tell the managers of each organisation that keeps a partnership with the one that joins,
    in the transaction that opens it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT owner_id FROM tandem.who_records(%s)", [organisation.pk])
        owners = [owner for (owner,) in cursor.fetchall()]
    subject = new_ref()
    for owner in owners:
        addresses = managers.addresses(owner)
        with acting(Scope(organisation_id=owner)):
            for address in addresses:
                outbox.enqueue(
                    kind=JOINED,
                    subject=subject,
                    recipient=address,
                    by=_on_behalf_of(owner),
                    payload={"organisation": organisation.pk},
                )


def _on_behalf_of(organisation_id: int) -> Actor:
    """Nobody in particular, so that the e-mail is written as the owner sees the record."""
    owner = Organisation.objects.get(pk=organisation_id)
    return Actor(0, ActingOrganisation(owner.pk, owner.name, owner.slug, owner.kind))


def compose_joined(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Which partnerships record the organisation that joined, and what it sees of them."""
    members = list(
        Member.objects.filter(
            organisation_id=delivery.payload["organisation"],
            partnership__owner_id=delivery.organisation_id,
            partnership__closed_at=None,
            state__in=WAITING,
        )
        .select_related("organisation", "partnership")
        .order_by("partnership__name")
    )
    if not members:
        return NotNeeded("No partnership waits for the organisation any more.")
    joined = members[0].organisation
    return outbox.letter(
        JOINED,
        subject=f"{joined.name} has joined {settings.EMAIL_FROM_NAME}",
        to=delivery.recipient,
        context={
            "joined": joined,
            "partnerships": [
                (
                    each.partnership.name,
                    each.state == MemberState.INVITED,
                    f"{settings.BASE_URL}/r/p-{each.partnership.ref}/",
                )
                for each in members
            ],
        },
    )


def leave_partnerships(by: Actor) -> dict[str, int]:
    """End the acting organisation's part in others' partnerships, and the invitations it sent.

    Partnerships that it opened stay as they are: their members go on reading them.
    """
    assert by.organisation is not None
    now = timezone.now()
    members = list(
        Member.objects.filter(
            acl__overlap=[by.organisation_id],
            organisation_id=by.organisation.id,
            state=MemberState.ACCEPTED,
        ).exclude(partnership__owner_id=by.organisation.id)
    )
    for member in members:
        member.state = MemberState.LEFT
        member.answered_at, member.answered_by_id = now, by.user_id
        # On record first: afterwards the organisation no longer sees the partnership.
        audit.record(
            "partnership left",
            by=by,
            obj=member,
            changes={"state": [str(MemberState.ACCEPTED), str(MemberState.LEFT)]},
        )
        member.save(update_fields=["state", "answered_at", "answered_by"])
    revoked = Invitation.objects.filter(
        from_organisation_id=by.organisation_id, used_at=None, revoked_at=None
    ).update(revoked_at=now)
    return {"partnerships": len(members), "partner_invitations": revoked}


def register() -> None:
    """Take part in joining and leaving."""
    on_joined.register(tell_who_recorded)
    on_leaving.register(leave_partnerships)
    outbox.register(
        outbox.Kind(name=JOINED, label="Recorded partner joined", compose=compose_joined)
    )
