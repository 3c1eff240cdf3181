"""Reading who belongs to the acting organisation, and who has been invited into it."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from organisations.actor import Actor
from organisations.models import Delivery, Membership, PersonInvitation, Role, User
from organisations.people.mail import INVITATION
from organisations.permissions import Hidden

PAGE = 50
# Who keeps the record, and so can take over what somebody leaves behind.
SUCCEEDING = (Role.EDITOR, Role.MANAGER)


def _ours(actor: Actor) -> int:
    """The acting organisation's id."""
    assert actor.organisation_id is not None
    return actor.organisation_id


def _belonging(actor: Actor) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(organisation_id=_ours(actor), ended_at=None)
        .select_related("user")
        .order_by(Lower(Coalesce(NullIf("user__name", Value("")), "user__email")), "pk")
    )


def page_of_people(actor: Actor, page: Any = 1) -> Page[Membership]:
    """One page of 50 of those who belong to the organisation now, by name; two statements."""
    return Paginator(_belonging(actor), PAGE).get_page(page)


def person_at(actor: Actor, ref: str) -> Membership:
    """Somebody who belongs to the organisation now; hidden (404, on record) otherwise."""
    found = _belonging(actor).filter(ref=ref).first()
    if found is None:
        raise Hidden("see a person of another organisation")
    return found


def own_membership(actor: Actor) -> Membership:
    """The actor's own membership of the acting organisation; hidden once it has ended."""
    found = _belonging(actor).filter(user_id=actor.user_id).first()
    if found is None:
        raise Hidden("see the people of an organisation")
    return found


def is_last_manager(actor: Actor, membership: Membership) -> bool:
    """Whether nobody else manages the organisation."""
    if membership.role != Role.MANAGER:
        return False
    others = _belonging(actor).filter(role=Role.MANAGER, user__is_active=True)
    return not others.exclude(pk=membership.pk).exists()


def successors_of(actor: Actor, membership: Membership) -> list[Membership]:
    """Who can take over from somebody: the others who may keep the record, by name."""
    others = _belonging(actor).filter(role__in=SUCCEEDING, user__is_active=True)
    return list(others.exclude(pk=membership.pk))


def open_invitations(actor: Actor) -> list[PersonInvitation]:
    """The invitations that nobody has accepted or withdrawn, the oldest first, expired ones too."""
    return list(
        PersonInvitation.objects.filter(
            organisation_id=_ours(actor), used_at=None, revoked_at=None
        ).select_related("invited_by")
    )


def open_invitation(actor: Actor, ref: str) -> PersonInvitation:
    """One that can be sent again or withdrawn; hidden (404, on record) otherwise."""
    found = (
        PersonInvitation.objects.filter(
            organisation_id=_ours(actor), ref=ref, used_at=None, revoked_at=None
        )
        .select_related("invited_by")
        .first()
    )
    if found is None:
        raise Hidden("see an invitation of another organisation")
    return found


def mail_of(actor: Actor, invitations: list[PersonInvitation]) -> dict[str, Delivery]:
    """What became of the latest e-mail of each invitation, by the invitation's reference."""
    if not invitations:
        return {}
    deliveries = Delivery.objects.filter(
        organisation_id=_ours(actor),
        kind=INVITATION,
        subject__in=[invitation.ref for invitation in invitations],
    ).order_by("revision")
    return {delivery.subject: delivery for delivery in deliveries}


def addresses_of(user: User) -> set[str]:
    """The addresses that a person has confirmed, and the one they sign in with."""
    confirmed = EmailAddress.objects.filter(user_id=user.pk, verified=True)
    return {
        user.email.lower(),
        *(each.lower() for each in confirmed.values_list("email", flat=True)),
    }


def is_operators_address(address: str) -> bool:
    """Whether an operator's account has this address."""
    holders = EmailAddress.objects.filter(email__iexact=address, verified=True)
    operators = User.objects.filter(is_operator=True)
    return operators.filter(Q(email=address.lower()) | Q(pk__in=holders.values("user_id"))).exists()


def member_with_address(actor: Actor, address: str) -> Membership | None:
    """Whoever belongs to the organisation and has this address."""
    holders = EmailAddress.objects.filter(email__iexact=address, verified=True)
    return (
        _belonging(actor).filter(user__email=address).first()
        or _belonging(actor).filter(user_id__in=holders.values("user_id")).first()
    )
