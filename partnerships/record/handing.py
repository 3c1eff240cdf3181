"""Whoever opened a partnership hands it to another member, which looks after it from then on."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import connection, transaction

from organisations import audit, outbox, permissions
from organisations.acting_for import on_behalf_of
from organisations.actor import Actor
from organisations.joining import managers
from organisations.models import Delivery, Organisation
from organisations.outbox import NotNeeded
from organisations.permissions import Permission
from organisations.references import new_ref
from organisations.tenancy.scope import Scope, acting
from partnerships.record.models import Member, MemberState, Partnership
from partnerships.record.parting import checked_words
from partnerships.record.selectors import open_invitations
from partnerships.record.services.invitations import revoke_invitation
from partnerships.record.services.members import hold_partnership

HANDED = "partnership_handed"


def who_can_take_over(partnership: Partnership) -> list[Member]:
    """The other members that have joined and are here still, by name."""
    return list(
        Member.objects.filter(
            partnership=partnership,
            state=MemberState.ACCEPTED,
            organisation__left_at=None,
            organisation__suspended_at=None,
        )
        .exclude(organisation_id=partnership.owner_id)
        .select_related("organisation")
        .order_by("organisation__name")
    )


@transaction.atomic
def hand_partnership(
    *, by: Actor, partnership: Partnership, to: Organisation, words: str = ""
) -> Partnership:
    """Give a partnership that the acting organisation looks after to another member.

    It stays a member itself and can then leave. Invitations it sent that nobody has answered end:
    whoever takes over invites. The managers of that organisation get an e-mail with the words.
    Raises ValidationError for one that is no member, and when it has been handed over already.
    """
    permissions.require(by, Permission.HAND_PARTNERSHIP, partnership)
    words = checked_words(words)
    hold_partnership(partnership.pk)
    current = Partnership.objects.get(pk=partnership.pk)
    if current.owner_id != by.organisation_id:
        raise ValidationError("Somebody else has handed this partnership over meanwhile.")
    if to.pk not in {each.organisation_id for each in who_can_take_over(current)}:
        raise ValidationError({"to": "Choose a member that is in the partnership now"})
    waiting = open_invitations(by, current)
    for invitation in waiting:
        revoke_invitation(by=by, invitation=invitation)
    audit.record(
        "partnership handed over",
        by=by,
        obj=current,
        changes={"owner": [current.owner_id, to.pk], "partner_invitations": len(waiting)},
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.hand_partnership(%s, %s)", [current.pk, to.pk])
    _tell(by, current, to, words)
    current.refresh_from_db()
    return current


def _tell(by: Actor, partnership: Partnership, to: Organisation, words: str) -> None:
    subject = new_ref()
    addresses = managers.addresses(to.pk)
    with acting(Scope(organisation_id=to.pk)):
        for address in addresses:
            outbox.enqueue(
                kind=HANDED,
                subject=subject,
                recipient=address,
                by=on_behalf_of(to.pk),
                payload={
                    "partnership": partnership.pk,
                    "from": by.organisation_id,
                    "words": words,
                },
            )


def compose_handed(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Which partnership a member looks after now, from whom, and with what words."""
    if not managers.is_one(delivery.recipient, delivery.organisation_id):
        return managers.NO_LONGER_ONE
    partnership = Partnership.objects.filter(
        pk=delivery.payload["partnership"], owner_id=delivery.organisation_id, closed_at=None
    ).first()
    if partnership is None:
        return NotNeeded("Another member looks after it by now, or the partnership is closed.")
    return outbox.letter(
        HANDED,
        subject=f"Your organisation now looks after {partnership.name}",
        to=delivery.recipient,
        context={
            "former": Organisation.objects.get(pk=delivery.payload["from"]),
            "partnership": partnership,
            "words": delivery.payload["words"],
            "page": f"{settings.BASE_URL}/r/p-{partnership.ref}/",
        },
    )


def register() -> None:
    """Make the e-mail known."""
    outbox.register(
        outbox.Kind(HANDED, "Partnership handed over", compose_handed, group=outbox.groups.NEWS)
    )
