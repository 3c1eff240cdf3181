"""Giving one person access to one initiative, and ending it.

It opens that initiative and what is below it: never the partnership, never another initiative.
"""

from __future__ import annotations

from datetime import date, time

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission as GrantedPermission
from django.core.exceptions import ValidationError
from django.db import transaction

from calendars.london import at_wall_clock, today
from initiatives.plans.grants import VIEW
from initiatives.plans.models import Initiative, InitiativeGrant
from initiatives.review import announcements
from initiatives.review.models import RequestState, ReviewRequest
from initiatives.review.withdrawing import withdraw
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Membership, User
from organisations.permissions import Permission

NO_ACCOUNT = (
    "Nobody has confirmed this address in Tandem. Ask them to sign up with it first, then ask for "
    "their review"
)


def person_at(by: Actor, email: str) -> User:
    """The active person who confirmed an address.

    Raises ValidationError for an address that nobody confirmed, an operator, and somebody of the
    acting organisation, who sees it already.
    """
    rows = EmailAddress.objects.filter(email__iexact=email.strip(), verified=True)
    address = rows.select_related("user").first()
    if address is None or not address.user.is_active:
        raise ValidationError({"email": NO_ACCOUNT}, code="no_account")
    user: User = address.user
    if user.is_operator:
        raise ValidationError({"email": "An operator of Tandem cannot be given access to a record"})
    assert by.organisation_id is not None
    if Membership.objects.filter(
        organisation_id=by.organisation_id, user=user, ended_at=None
    ).exists():
        raise ValidationError(
            {"email": f"{user} belongs to your organisation, and sees this initiative already"}
        )
    return user


@transaction.atomic
def give_access(
    *, by: Actor, initiative: Initiative, user: User, last_day: date
) -> InitiativeGrant:
    """Let a person see one initiative, up to `last_day`; a grant that ends earlier is replaced.

    Raises ValidationError for a last day that is over.
    """
    permissions.require(by, Permission.SHOW_INITIATIVE, initiative)
    if last_day < today():
        raise ValidationError({"last_day": "The last day must be today or later"})
    ends_at = at_wall_clock(last_day, time(23, 59))
    held: InitiativeGrant | None = InitiativeGrant.objects.filter(
        content_object=initiative, user=user
    ).first()
    if held is not None:
        if held.ends_at is None or held.ends_at >= ends_at:
            return held
        held.delete()
    grant: InitiativeGrant = InitiativeGrant.objects.create(
        content_object=initiative,
        user=user,
        permission=GrantedPermission.objects.get(
            content_type__app_label="plans", content_type__model="initiative", codename=VIEW
        ),
        given_by_id=by.user_id,
        ends_at=ends_at,
    )
    audit.record("access given", by=by, obj=initiative, changes={"person": [None, user.pk]})
    return grant


@transaction.atomic
def end_access(*, by: Actor, grant: InitiativeGrant) -> None:
    """End a personal grant at once, withdraw what was asked of the person, and tell them."""
    initiative = grant.content_object
    permissions.require(by, Permission.SHOW_INITIATIVE, initiative)
    end_grant(by, grant)


def end_grant(by: Actor, grant: InitiativeGrant) -> None:
    """The same, when it has been asked whether the actor may."""
    initiative = grant.content_object
    for request in ReviewRequest.objects.filter(
        initiative=initiative, to_user_id=grant.user_id, state=RequestState.OPEN
    ):
        withdraw(by, request)
    audit.record("access ended", by=by, obj=initiative, changes={"person": [grant.user_id, None]})
    announcements.say_ended(by, grant)
    grant.delete()
