"""When an organisation joins or leaves: who is told first, and what it no longer takes part in.

Joining shows it nothing. What partners recorded is theirs until they invite it and it accepts.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from organisations import audit, outbox
from organisations.acting_for import on_behalf_of
from organisations.actor import Actor
from organisations.audit_trail.selectors import ours
from organisations.joining import managers
from organisations.joining.registry import foretold, on_joined, on_leaving
from organisations.models import Delivery, Organisation
from organisations.outbox import NotNeeded
from organisations.references import new_ref
from organisations.tenancy.scope import Scope, acting
from partnerships.record.models import Invitation, Member, MemberState, Partnership
from partnerships.record.services import access
from partnerships.record.services.contacts import end_contacts

JOINED = "partner_joined"
LEFT = "partner_left"
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
                    by=on_behalf_of(owner),
                    payload={"organisation": organisation.pk},
                )


def compose_joined(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Which partnerships record the organisation that joined, and what it sees of them."""
    if not managers.is_one(delivery.recipient, delivery.organisation_id):
        return managers.NO_LONGER_ONE
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


def tell_partners(by: Actor) -> dict[str, int]:
    """Tell the managers of every organisation that shares a partnership with the one that leaves,
    in the transaction that takes it out; says how many partners those are."""
    assert by.organisation is not None
    together = _together_with(by)
    subject = new_ref()
    for partner, partnerships in together.items():
        addresses = managers.addresses(partner)
        with acting(Scope(organisation_id=partner)):
            for address in addresses:
                outbox.enqueue(
                    kind=LEFT,
                    subject=subject,
                    recipient=address,
                    by=on_behalf_of(partner),
                    payload={"organisation": by.organisation.id, "partnerships": partnerships},
                )
    return {"partners": len(together)}


def _together_with(by: Actor) -> dict[int, list[int]]:
    """The partners of the acting organisation, each with the open partnerships they share."""
    rows = Member.objects.filter(
        acl__overlap=[by.organisation_id],
        partnership__acl__overlap=[by.organisation_id],
        partnership__closed_at=None,
        state=MemberState.ACCEPTED,
        organisation__left_at=None,
    ).exclude(organisation_id=ours(by))
    together: dict[int, list[int]] = {}
    for partner, partnership in rows.order_by("organisation_id", "partnership_id").values_list(
        "organisation_id", "partnership_id"
    ):
        together.setdefault(partner, []).append(partnership)
    return together


def who_would_be_told(by: Actor) -> list[str]:
    """How many partners an e-mail goes to, for the page that asks."""
    count = len(_together_with(by))
    if not count:
        return []
    partners = "1 partner organisation" if count == 1 else f"{count} partner organisations"
    return [f"the managers of {partners} are told by email"]


def what_it_looks_after(by: Actor) -> list[str]:
    """The partnerships with other members that would be left with nobody to look after them."""
    others = Member.objects.filter(
        partnership=OuterRef("pk"), state=MemberState.ACCEPTED, organisation__left_at=None
    ).exclude(organisation_id=ours(by))
    count = Partnership.objects.filter(
        Exists(others), owner_id=ours(by), closed_at=None, acl__overlap=[ours(by)]
    ).count()
    if not count:
        return []
    partnerships = "1 partnership" if count == 1 else f"{count} partnerships"
    said = f"{partnerships} that you look after would go on with nobody to invite partners"
    return [f"{said} or change the name: hand each over first, from its page"]


def compose_left(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Who has left, and which partnerships that is about, as the partner still sees them."""
    if not managers.is_one(delivery.recipient, delivery.organisation_id):
        return managers.NO_LONGER_ONE
    gone = Organisation.objects.get(pk=delivery.payload["organisation"])
    partnerships = list(
        Partnership.objects.filter(
            pk__in=delivery.payload["partnerships"],
            acl__overlap=[delivery.organisation_id],
            closed_at=None,
        ).order_by("name", "pk")
    )
    if not partnerships or gone.left_at is None:
        return NotNeeded("No partnership is left that this would be about.")
    return outbox.letter(
        LEFT,
        subject=f"{gone.name} has left {settings.EMAIL_FROM_NAME}",
        to=delivery.recipient,
        context={
            "gone": gone,
            "partnerships": [
                (
                    each.name,
                    each.owner_id == gone.pk,
                    f"{settings.BASE_URL}/r/p-{each.ref}/",
                )
                for each in partnerships
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
        end_contacts(by, member)
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
    on_leaving.register(tell_partners)
    on_leaving.register(access.end_what_was_given)
    on_leaving.register(leave_partnerships)
    foretold.register(who_would_be_told)
    foretold.register(what_it_looks_after)
    foretold.register(access.whose_access_would_end)
    for name, label, compose in (
        (LEFT, "Partner left", compose_left),
        (JOINED, "Recorded partner joined", compose_joined),
    ):
        outbox.register(outbox.Kind(name, label, compose, group=outbox.groups.NEWS))
