"""Inviting an organisation into a partnership, and its answer.

An invitation asks an organisation, not whoever holds the link: only someone who already
speaks for that organisation can answer it.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from calendars.london import day_in_words, london_day
from organisations import audit, outbox, permissions
from organisations.actor import Actor
from organisations.models import Organisation
from organisations.permissions import Permission
from partnerships.record.models import Invitation, Member, MemberState, Partnership
from partnerships.record.services.members import hold_partnership, locked_member

VALID_FOR = timedelta(days=28)
LONGEST_REASON = 300
LONGEST_MESSAGE = 1000


@transaction.atomic
def invite_partner(
    *,
    by: Actor,
    partnership: Partnership,
    organisation: Organisation,
    email: str,
    message: str = "",
) -> Invitation:
    """Invite an organisation of the partnership by e-mail to one address; valid for 28 days.

    Raises ValidationError when it is the actor's own, a member already, invited already, or
    not in the partnership; or when the address cannot be one.
    """
    permissions.require(by, Permission.INVITE_PARTNER, partnership)
    assert by.organisation_id is not None
    if organisation.pk == by.organisation_id:
        raise ValidationError(
            "This is your own organisation: it is in the partnership already. "
            "Invite the organisation you work with.",
            code="itself",
        )
    member = locked_member(partnership, organisation)
    if member.state == MemberState.ACCEPTED:
        raise ValidationError(f"{organisation.name} is already a member.", code="member")
    if member.state == MemberState.SUCCEEDED:
        raise ValidationError(
            f"{organisation.name} has ended, and another organisation has taken its place here.",
            code="succeeded",
        )
    earlier = open_invitation(partnership, organisation)
    if earlier is not None:
        raise already_invited(earlier, organisation)
    email, message = _checked(email, message)
    invitation = Invitation.objects.create(
        partnership=partnership,
        partnership_name=partnership.name,
        from_organisation_id=by.organisation_id,
        to_organisation=organisation,
        email=email,
        message=message,
        invited_by_id=by.user_id,
        expires_at=timezone.now() + VALID_FOR,
    )
    _set_state(member, MemberState.INVITED)
    audit.record(
        "organisation invited",
        by=by,
        obj=invitation,
        changes={"to_organisation": [None, organisation.pk]},
    )
    _send(invitation, by)
    return invitation


@transaction.atomic
def resend_invitation(*, by: Actor, invitation: Invitation, email: str | None = None) -> Invitation:
    """Send an unanswered invitation again, to a corrected address if given.

    It is valid for another 28 days; the link sent before ends. Raises ValidationError when
    it has been answered or withdrawn.
    """
    invitation, _ = _held(by, invitation)
    invitation.email, _ = _checked(invitation.email if email is None else email, "")
    invitation.sending += 1
    invitation.sent_at = timezone.now()
    invitation.expires_at = invitation.sent_at + VALID_FOR
    invitation.save(update_fields=["email", "sending", "sent_at", "expires_at"])
    audit.record(
        "invitation sent again", by=by, obj=invitation, changes={"sending": invitation.sending}
    )
    outbox.withdraw(subject=invitation.ref, reason="A newer invitation was sent.")
    _send(invitation, by)
    return invitation


@transaction.atomic
def revoke_invitation(*, by: Actor, invitation: Invitation) -> Invitation:
    """Withdraw an unanswered invitation; its link and an e-mail not yet sent end at once.

    Raises ValidationError when it has been answered or withdrawn already.
    """
    invitation, member = _held(by, invitation)
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    _set_state(member, MemberState.RECORDED)
    audit.record("invitation withdrawn", by=by, obj=invitation)
    outbox.withdraw(subject=invitation.ref, reason="The invitation was withdrawn.")
    return invitation


@transaction.atomic
def answer_invitation(*, by: Actor, member: Member, accept: bool, reason: str = "") -> Member:
    """Accept or decline for the actor's own organisation; declining needs a reason.

    Once accepted, the organisation sees at once what is shared. Raises ValidationError when
    there is nothing (any more) to answer: withdrawn, expired or answered before.
    """
    permissions.require(by, Permission.ANSWER_INVITATION, member)
    hold_partnership(member.partnership_id)
    held = Member.objects.select_for_update(of=("self",)).filter(pk=member.pk).first()
    if held is None:
        raise ValidationError("This invitation has been withdrawn.")
    member = held
    invitation = (
        Invitation.objects.select_related("from_organisation", "invited_by")
        .filter(
            partnership_id=member.partnership_id,
            to_organisation_id=by.organisation_id,
            used_at=None,
            revoked_at=None,
        )
        .first()
    )
    _refuse_answer(member, invitation)
    assert invitation is not None
    reason = " ".join(reason.split())
    if not accept and not reason:
        raise ValidationError({"reason": f"Tell {invitation.from_organisation.name} why"})
    if len(reason) > LONGEST_REASON:
        raise ValidationError(
            {"reason": f"The reason must be {LONGEST_REASON} characters or fewer"}
        )
    _set_state(
        member,
        MemberState.ACCEPTED if accept else MemberState.DECLINED,
        by=by,
        reason="" if accept else reason,
    )
    invitation.used_at = member.answered_at
    invitation.save(update_fields=["used_at"])
    audit.record("invitation accepted" if accept else "invitation declined", by=by, obj=member)
    outbox.enqueue(
        kind="invitation_answered",
        subject=invitation.ref,
        recipient=invitation.invited_by.email,
        by=by,
    )
    return member


def open_invitation(partnership: Partnership, organisation: Organisation) -> Invitation | None:
    """The invitation of an organisation that has been neither answered nor withdrawn."""
    return Invitation.objects.filter(
        partnership=partnership, to_organisation=organisation, used_at=None, revoked_at=None
    ).first()


def already_invited(earlier: Invitation, organisation: Organisation) -> ValidationError:
    """The answer to someone who invites a second time."""
    sent_on = day_in_words(london_day(earlier.sent_at))
    return ValidationError(
        f"{organisation.name} was already invited on {sent_on}. "
        "Send the invitation again or withdraw it.",
        code="already_invited",
    )


def _held(by: Actor, invitation: Invitation) -> tuple[Invitation, Member]:
    """The invitation and its member as they are now, held until the transaction ends."""
    partnership = invitation.partnership
    permissions.require(by, Permission.INVITE_PARTNER, partnership)
    member = locked_member(partnership, invitation.to_organisation)
    invitation = Invitation.objects.get(pk=invitation.pk)
    invitation.partnership = partnership
    if invitation.used_at is not None:
        raise ValidationError(
            f"{member.organisation.name} answered this invitation "
            f"on {day_in_words(london_day(invitation.used_at))}."
        )
    if invitation.revoked_at is not None:
        raise ValidationError(
            f"This invitation was withdrawn on {day_in_words(london_day(invitation.revoked_at))}."
        )
    return invitation, member


def _refuse_answer(member: Member, invitation: Invitation | None) -> None:
    if member.state in (MemberState.ACCEPTED, MemberState.DECLINED) and member.answered_at:
        raise ValidationError(
            f"Your organisation answered this invitation "
            f"on {day_in_words(london_day(member.answered_at))}."
        )
    if invitation is None or member.state != MemberState.INVITED:
        raise ValidationError("This invitation has been withdrawn.")
    if invitation.expires_at <= timezone.now():
        raise ValidationError(
            f"This invitation expired on {day_in_words(london_day(invitation.expires_at))}. "
            f"Ask {invitation.from_organisation.name} to send it again."
        )


def _set_state(
    member: Member, state: MemberState, *, by: Actor | None = None, reason: str = ""
) -> None:
    """Set where an organisation stands; `by` answers for it, or there is no answer (yet)."""
    member.state = state
    member.answered_at = timezone.now() if by else None
    member.answered_by_id = by.user_id if by else None
    member.decline_reason = reason
    member.save(update_fields=["state", "answered_at", "answered_by", "decline_reason"])


def _checked(email: str, message: str) -> tuple[str, str]:
    email, message = email.strip(), message.strip()
    try:
        validate_email(email)
    except ValidationError as problem:
        raise ValidationError(
            {"email": "Enter an email address in the correct format, like name@example.nhs.uk"}
        ) from problem
    if len(message) > LONGEST_MESSAGE:
        raise ValidationError(
            {"message": f"The message must be {LONGEST_MESSAGE:,} characters or fewer"}
        )
    return email, message


def _send(invitation: Invitation, by: Actor) -> None:
    outbox.enqueue(
        kind="partnership_invitation",
        subject=invitation.ref,
        recipient=invitation.email,
        by=by,
        revision=invitation.sending,
    )
