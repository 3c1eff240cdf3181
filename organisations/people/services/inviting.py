"""Inviting a person into the organisation by e-mail, sending it again, withdrawing it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from frontend.wording import date_words
from organisations import audit, outbox
from organisations.actor import Actor
from organisations.address_check import plain_email
from organisations.models import PersonInvitation, User
from organisations.models.person_invitation import VALID_FOR
from organisations.people import mail, selectors
from organisations.people.services.holding import checked_role, hold_as_manager
from organisations.people.words import with_article

FORMAT = "Enter an email address in the correct format, like name@example.nhs.uk"
# So that no organisation's name can be used to write to any number of strangers.
MOST_OPEN = 50


@transaction.atomic
def invite_person(*, by: Actor, email: str, role: str) -> PersonInvitation:
    """Invite one person by e-mail, to be accepted within 7 days by whoever has that address.

    Raises ValidationError, keyed by field, when the address or the role cannot be one, is
    the actor's own, or belongs to somebody who is in the organisation or invited already.
    """
    organisation_id = hold_as_manager(by)
    address = _checked_address(email)
    chosen = checked_role(role)
    _refuse_needless(by, address)
    invitation = PersonInvitation.objects.create(
        organisation_id=organisation_id,
        email=address,
        role=chosen,
        invited_by_id=by.user_id,
        expires_at=timezone.now() + VALID_FOR,
    )
    audit.record("person invited", by=by, obj=invitation, changes={"role": [None, str(chosen)]})
    mail.ask_invitation(invitation, by=by)
    return invitation


@transaction.atomic
def resend_invitation(*, by: Actor, invitation: PersonInvitation) -> PersonInvitation:
    """Send an invitation again, for another 7 days; the link sent before ends.

    Raises ValidationError when it has been accepted or withdrawn.
    """
    current = _open(by, invitation)
    current.sending += 1
    current.sent_at = timezone.now()
    current.expires_at = current.sent_at + VALID_FOR
    current.save(update_fields=["sending", "sent_at", "expires_at"])
    audit.record(
        "invitation of a person sent again",
        by=by,
        obj=current,
        changes={"sending": [current.sending - 1, current.sending]},
    )
    outbox.withdraw(subject=current.ref, reason="A newer invitation was sent.")
    mail.ask_invitation(current, by=by)
    return current


@transaction.atomic
def withdraw_invitation(*, by: Actor, invitation: PersonInvitation) -> PersonInvitation:
    """Withdraw an invitation; its link and an e-mail not yet sent end at once.

    Raises ValidationError when it has been accepted or withdrawn already.
    """
    return revoke(by, _open(by, invitation))


def revoke(by: Actor, invitation: PersonInvitation) -> PersonInvitation:
    """End an open invitation that is held."""
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    audit.record("invitation of a person withdrawn", by=by, obj=invitation)
    outbox.withdraw(subject=invitation.ref, reason="The invitation was withdrawn.")
    return invitation


def _open(by: Actor, invitation: PersonInvitation) -> PersonInvitation:
    """The invitation as it is now, held against whoever accepts it at this moment."""
    organisation_id = hold_as_manager(by)
    if invitation.organisation_id != organisation_id:
        raise PermissionDenied("You may not change another organisation's invitation.")
    held = (
        PersonInvitation.objects.select_for_update(of=("self",))
        .filter(pk=invitation.pk, used_at=None, revoked_at=None)
        .first()
    )
    if held is not None:
        return held
    ended = PersonInvitation.objects.select_related("used_by").get(pk=invitation.pk)
    if ended.used_at is not None:
        raise ValidationError(
            f"{ended.used_by} accepted this invitation on {date_words(ended.used_at)}."
        )
    raise ValidationError(f"This invitation was withdrawn on {date_words(ended.revoked_at)}.")


def _refuse_needless(by: Actor, address: str) -> None:
    """Answer clearly when there is nothing to invite to."""
    assert by.organisation is not None
    name = by.organisation.name
    if address in selectors.addresses_of(User.objects.get(pk=by.user_id)):
        raise ValidationError(
            {"email": f"This is your own address. You belong to {name} already"}, code="own"
        )
    if selectors.is_operators_address(address):
        raise ValidationError(
            {
                "email": "An operator of this service has this address, and operators belong to "
                "no organisation. Ask them for the address of another account"
            },
            code="operator",
        )
    member = selectors.member_with_address(by, address)
    if member is not None:
        raise ValidationError(
            {
                "email": f"{member.user} belongs to {name} already, as "
                f"{with_article(member.role)}. You can change their role"
            },
            code="member",
        )
    waiting = selectors.open_invitations(by)
    earlier = next((each for each in waiting if each.email == address), None)
    if earlier is not None:
        raise ValidationError(
            {
                "email": f"{address} was invited on {date_words(earlier.sent_at)}, as "
                f"{with_article(earlier.role)}. Send that invitation again or withdraw it"
            },
            code="already_invited",
        )
    if len(waiting) >= MOST_OPEN:
        raise ValidationError(
            f"{len(waiting)} invitations wait for an answer. Withdraw those that are not needed."
        )


def _checked_address(email: str) -> str:
    address = email.strip().lower()
    try:
        plain_email(address)
    except ValidationError as problem:
        words = problem.message if problem.code == "not_plain" else FORMAT
        raise ValidationError({"email": words}) from problem
    return address
