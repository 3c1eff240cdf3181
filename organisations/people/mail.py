"""E-mails about belonging to an organisation: invited, another role, removed. Neutral words.

Written just before they go, as the organisation sees it then: what no longer holds is not sent.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from organisations import outbox
from organisations.actor import Actor
from organisations.models import Delivery, Membership, PersonInvitation, Role
from organisations.outbox import NotNeeded
from organisations.people.links import link_of
from organisations.people.words import ROLE_HINTS, with_article
from organisations.references import new_ref

INVITATION = "person_invitation"
ROLE_CHANGED = "person_role_changed"
REMOVED = "person_removed"


def ask_invitation(invitation: PersonInvitation, *, by: Actor) -> None:
    """Ask for the e-mail of an invitation's latest sending."""
    outbox.enqueue(
        kind=INVITATION,
        subject=invitation.ref,
        recipient=invitation.email,
        by=by,
        revision=invitation.sending,
    )


def say_role_changed(membership: Membership, *, by: Actor) -> None:
    """Tell somebody that their role is another one now. Each change is an e-mail of its own."""
    outbox.enqueue(
        kind=ROLE_CHANGED,
        subject=new_ref(),
        recipient=membership.user.email,
        by=by,
        payload={"membership": membership.ref, "role": membership.role},
    )


def say_removed(membership: Membership, *, by: Actor) -> None:
    """Tell somebody that they no longer belong to the organisation."""
    outbox.enqueue(kind=REMOVED, subject=membership.ref, recipient=membership.user.email, by=by)


def compose_invitation(delivery: Delivery) -> EmailMessage | NotNeeded:
    """Who invites, into which organisation, in which role, and the link."""
    invitation = (
        PersonInvitation.objects.filter(ref=delivery.subject)
        .select_related("organisation", "invited_by")
        .first()
    )
    if invitation is None:
        return NotNeeded("The invitation is no longer there.")
    if invitation.revoked_at is not None:
        return NotNeeded("The invitation was withdrawn.")
    if invitation.used_at is not None:
        return NotNeeded("The invitation was accepted already.")
    if invitation.sending != delivery.revision:
        return NotNeeded("A newer invitation was sent.")
    if not invitation.is_open:
        return NotNeeded("The invitation had expired before it could be sent.")
    return outbox.letter(
        INVITATION,
        subject=f"{invitation.organisation.name} invites you to {settings.EMAIL_FROM_NAME}",
        to=delivery.recipient,
        context={
            "invitation": invitation,
            "organisation": invitation.organisation,
            "person": invitation.invited_by,
            "link": link_of(invitation),
            **_role_words(invitation.role),
        },
    )


def compose_role_changed(delivery: Delivery) -> EmailMessage | NotNeeded:
    """The role somebody has now, and what it lets them do."""
    membership = _membership(delivery.payload["membership"])
    if membership is None or membership.ended_at is not None:
        return NotNeeded("The person no longer belongs to the organisation.")
    if membership.role != delivery.payload["role"]:
        return NotNeeded("The role was changed again.")
    return outbox.letter(
        ROLE_CHANGED,
        subject=f"Your role at {membership.organisation.name} has changed",
        to=delivery.recipient,
        context={
            "organisation": membership.organisation,
            "page": f"{settings.BASE_URL}{reverse('my-organisations')}",
            **_role_words(membership.role),
        },
    )


def compose_removed(delivery: Delivery) -> EmailMessage | NotNeeded:
    """That somebody no longer belongs, and what stays of what they wrote."""
    membership = _membership(delivery.subject)
    if membership is None or membership.ended_at is None:
        return NotNeeded("The person belongs to the organisation.")
    return outbox.letter(
        REMOVED,
        subject=f"You no longer belong to {membership.organisation.name}",
        to=delivery.recipient,
        context={"organisation": membership.organisation},
    )


def register() -> None:
    """Make these kinds known to the outbox."""
    for name, label, compose in (
        (INVITATION, "Invitation to an organisation", compose_invitation),
        (ROLE_CHANGED, "Change of role in an organisation", compose_role_changed),
        (REMOVED, "End of belonging to an organisation", compose_removed),
    ):
        outbox.register(outbox.Kind(name=name, label=label, compose=compose))


def _membership(ref: str) -> Membership | None:
    return Membership.objects.filter(ref=ref).select_related("organisation").first()


def _role_words(role: str) -> dict[str, str]:
    return {"role_article": with_article(role), "role_hint": ROLE_HINTS[Role(role)]}
