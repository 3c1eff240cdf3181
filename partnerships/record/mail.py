"""E-mails about invitations: to the invited address, and to the inviter once it is answered.

Written just before they go, as the organisation on whose behalf they go sees the record then.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet

from contacts.models import Posting
from contacts.services import note_bounce
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import NotNeeded, groups
from organisations.selectors import works_at
from partnerships.record.invitation_links import link_of
from partnerships.record.models import Invitation, Member, MemberState, Partnership

INVITATION = "partnership_invitation"
ANSWERED = "invitation_answered"


def compose_invitation(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Who invites, to what, what Tandem is, the link, and where the address came from."""
    invitation = _invitation(delivery)
    if invitation is None:
        return NotNeeded("The invitation is no longer there.")
    if invitation.revoked_at is not None:
        return NotNeeded("The invitation was withdrawn.")
    if invitation.used_at is not None:
        return NotNeeded("The invitation was answered already.")
    if invitation.sending != delivery.revision:
        return NotNeeded("A newer invitation was sent.")
    if not invitation.is_open:
        return NotNeeded("The invitation had expired before it could be sent.")
    inviter, invited = invitation.from_organisation, invitation.to_organisation
    if invited.suspended_at is not None:
        return NotNeeded("The invited organisation is suspended.")
    return outbox.letter(
        INVITATION,
        subject=f"{inviter.name} invites {invited.name} to a partnership",
        to=delivery.recipient,
        context={
            "invitation": invitation,
            "inviter": inviter,
            "invited": invited,
            "person": invitation.invited_by,
            "link": link_of(invitation),
            "source": _source_of(delivery.recipient, invitation),
        },
    )


def compose_answer(delivery: Delivery) -> EmailMessage | NotNeeded:
    """What the invited organisation answered, to the person who invited it."""
    invitation = _invitation(delivery)
    if invitation is None or not invitation.invited_by.is_active:
        return NotNeeded("The person who invited has left Tandem.")
    if invitation.invited_by.email.lower() != delivery.recipient.lower():
        return NotNeeded("The person who invited has another address now.")
    inviter = invitation.from_organisation
    if inviter.suspended_at is not None or inviter.left_at is not None:
        return NotNeeded("The organisation that invited is suspended or has left.")
    if not works_at(invitation.invited_by, inviter.pk):
        return NotNeeded("The person who invited has left the organisation.")
    member = Member.objects.filter(
        partnership_id=invitation.partnership_id,
        organisation_id=invitation.to_organisation_id,
    ).first()
    if member is None or member.state not in (MemberState.ACCEPTED, MemberState.DECLINED):
        return NotNeeded("The answer no longer holds.")
    accepted = member.state == MemberState.ACCEPTED
    invited = invitation.to_organisation
    return outbox.letter(
        ANSWERED,
        subject=f"{invited.name} {'accepted' if accepted else 'declined'} your invitation",
        to=delivery.recipient,
        context={
            "invitation": invitation,
            "invited": invited,
            "accepted": accepted,
            "reason": member.decline_reason,
            "page": _page_of(invitation) if accepted else f"{settings.BASE_URL}/",
        },
    )


def invitation_bounced(delivery: Delivery) -> None:
    """Mark the people at the invited organisation whose address this is."""
    for posting_id in _postings_with(delivery).values_list("pk", flat=True):
        note_bounce(posting_id=posting_id, email=delivery.recipient, reason=delivery.reason)


def register() -> None:
    """Make these kinds known to the outbox."""
    outbox.register(
        outbox.Kind(
            name=INVITATION,
            label="Invitation to a partnership",
            compose=compose_invitation,
            on_dead=invitation_bounced,
            group=groups.INVITATIONS,
        )
    )
    outbox.register(
        outbox.Kind(
            name=ANSWERED,
            label="Answer to an invitation",
            compose=compose_answer,
            group=groups.NEWS,
        )
    )


def _invitation(delivery: Delivery) -> Invitation | None:
    return (
        Invitation.objects.filter(ref=delivery.subject)
        .select_related("from_organisation", "to_organisation", "invited_by")
        .first()
    )


def _page_of(invitation: Invitation) -> str:
    ref = Partnership.objects.values_list("ref", flat=True).get(pk=invitation.partnership_id)
    return f"{settings.BASE_URL}/r/p-{ref}/"


def _postings_with(delivery: Delivery) -> QuerySet[Posting]:
    return Posting.objects.filter(
        acl__overlap=[delivery.organisation_id],
        details__email__iexact=delivery.recipient,
        ended_on=None,
    )


def _source_of(address: str, invitation: Invitation) -> str:
    """Where the inviter says it has the address from, if it recorded it with a person."""
    return (
        Posting.objects.filter(
            acl__overlap=[invitation.from_organisation_id],
            organisation_id=invitation.to_organisation_id,
            details__email__iexact=address,
            ended_on=None,
        )
        .exclude(source="")
        .values_list("source", flat=True)
        .first()
        or ""
    )
