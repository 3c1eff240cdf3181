"""Who reads an e-mail that asks for an outcome, and whether they may still answer."""

from __future__ import annotations

from dataclasses import dataclass

from organisations import permissions
from organisations.actor import ActingOrganisation, Actor
from organisations.models import Delivery, Membership, Organisation, Role
from organisations.permissions import Permission
from partnerships.record.models import Member
from partnerships.record.recipients import TAKING_PART
from partnerships.touchpoints.attendees import Invited, invited_behind
from partnerships.touchpoints.models import Touchpoint


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may say what became of a touchpoint: with an account, or as invited."""

    actor: Actor | None = None
    invited: Invited | None = None


def touchpoint_behind(delivery: Delivery) -> Touchpoint | None:
    """What an e-mail is about, as the organisation that sent it sees it now."""
    return (
        Touchpoint.objects.filter(ref=delivery.subject, acl__overlap=[delivery.organisation_id])
        .select_related(
            "partnership",
            "author",
            "author_organisation",
            "outcome_by",
            "outcome_organisation",
            "outcome_posting__person",
            "outcome_posting__organisation",
        )
        .first()
    )


def reader_of(delivery: Delivery, touchpoint: Touchpoint) -> Reader | str:
    """Who reads it, or why they may no longer answer, as a sentence."""
    if touchpoint.partnership.closed_at is not None:
        return "The partnership is closed."
    sender = touchpoint.author_organisation
    if sender.suspended_at is not None or sender.left_at is not None:
        return "The organisation that scheduled it is suspended or has left."
    taking_part = Member.objects.filter(
        partnership=touchpoint.partnership, organisation=sender, state__in=TAKING_PART
    )
    if not taking_part.exists():
        return "The organisation that scheduled it is no longer in the partnership."
    if delivery.posting_id is None:
        return _with_account(delivery, touchpoint)
    invited = invited_behind(delivery, touchpoint)
    if invited is None:
        return "No longer a contact or invited, or the address has changed."
    if invited.organisation.suspended_at is not None or invited.organisation.left_at is not None:
        return "The organisation of the contact is suspended or has left."
    return Reader(invited=invited)


def _with_account(delivery: Delivery, touchpoint: Touchpoint) -> Reader | str:
    """Whoever scheduled it, while they work there and may record outcomes."""
    membership = Membership.objects.filter(
        user__email__iexact=delivery.recipient,
        user__is_active=True,
        user=touchpoint.author_id,
        organisation=touchpoint.author_organisation_id,
        ended_at=None,
    ).first()
    if membership is None:
        return "They no longer answer for this touchpoint."
    actor = Actor(
        touchpoint.author_id, _acting(touchpoint.author_organisation), Role(membership.role)
    )
    if not permissions.can(actor, Permission.RECORD_OUTCOME, touchpoint):
        return "They may no longer record outcomes."
    return Reader(actor=actor)


def _acting(organisation: Organisation) -> ActingOrganisation:
    return ActingOrganisation(
        organisation.pk, organisation.name, organisation.slug, organisation.kind
    )
