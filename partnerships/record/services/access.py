"""Giving one person access to one partnership, and ending it; also when the giver leaves."""

from __future__ import annotations

from datetime import date, time

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission as GrantedPermission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from calendars.london import at_wall_clock, today
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Membership, User
from organisations.permissions import Permission
from partnerships.record import access_mail
from partnerships.record.grants import Allows
from partnerships.record.models import Partnership, PartnershipGrant

LONGEST_REASON = 200
NO_ACCOUNT = (
    "Nobody has confirmed this address in Tandem. Ask them to create an account with it, "
    "then give them access"
)


@transaction.atomic
def give_access(
    *,
    by: Actor,
    partnership: Partnership,
    email: str,
    allows: str,
    reason: str,
    last_day: date | None = None,
) -> PartnershipGrant:
    """Let the person who confirmed `email` see or edit one partnership, up to `last_day`.

    Raises ValidationError, keyed by field: for an address that nobody confirmed, a person who
    sees the partnership already or is an operator, a last day that is over, no reason.
    """
    permissions.require(by, Permission.GRANT_ACCESS, partnership)
    user = _person(by, email)
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": "Say why they need it"})
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": f"Why must be {LONGEST_REASON} characters or fewer"})
    if last_day is not None and last_day < today():
        raise ValidationError({"last_day": "The last day must be today or later"})
    _end_what_has_run_out(partnership, user)
    if PartnershipGrant.objects.filter(content_object=partnership, user=user).exists():
        raise _held_already()
    try:
        with transaction.atomic():
            grant: PartnershipGrant = PartnershipGrant.objects.create(
                content_object=partnership,
                user=user,
                permission=_named(Allows(allows)),
                reason=reason,
                given_by_id=by.user_id,
                ends_at=at_wall_clock(last_day, time(23, 59)) if last_day else None,
            )
    except IntegrityError:
        raise _held_already() from None
    audit.record(
        "access given",
        by=by,
        obj=partnership,
        changes={"person": [None, user.pk], "allows": [None, str(allows)]},
    )
    access_mail.say_given(grant, by=by)
    return grant


@transaction.atomic
def end_access(*, by: Actor, grant: PartnershipGrant) -> None:
    """End a personal grant at once, and tell the person."""
    partnership = grant.content_object
    permissions.require(by, Permission.END_ACCESS, partnership)
    audit.record(
        "access ended",
        by=by,
        obj=partnership,
        changes={"person": [grant.user_id, None], "allows": [grant.permission.codename, None]},
    )
    access_mail.say_ended(grant, by=by)
    grant.delete()


def end_what_was_given(by: Actor) -> dict[str, int]:
    """End every personal grant on what the acting organisation opened, because it leaves: nobody
    could end one afterwards. Says how many those were."""
    grants = list(_given_by(by).select_related("content_object", "user", "permission"))
    for grant in grants:
        end_access(by=by, grant=grant)
    return {"personal_access": len(grants)}


def whose_access_would_end(actor: Actor) -> list[str]:
    """How many people lose their personal access, for the page that asks."""
    count = _given_by(actor).filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now())).count()
    if not count:
        return []
    people = "1 person loses" if count == 1 else f"{count} people lose"
    return [f"{people} their personal access to what it opened"]


def _given_by(actor: Actor) -> QuerySet[PartnershipGrant]:
    return PartnershipGrant.objects.filter(
        content_object__acl__overlap=[actor.organisation_id],
        content_object__owner_id=actor.organisation_id,
    ).order_by("pk")


def _person(by: Actor, email: str) -> User:
    """The active person who confirmed an address; refuses who needs no grant, or may have none."""
    address = (
        EmailAddress.objects.filter(email__iexact=email.strip(), verified=True)
        .select_related("user")
        .first()
    )
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
            {"email": f"{user} belongs to your organisation, and sees this partnership already"}
        )
    return user


def _end_what_has_run_out(partnership: Partnership, user: User) -> None:
    """A grant that has run out makes room for a new one."""
    PartnershipGrant.objects.filter(
        content_object=partnership, user=user, ends_at__lte=timezone.now()
    ).delete()


def _named(allows: Allows) -> GrantedPermission:
    return GrantedPermission.objects.get(
        content_type__app_label="record", content_type__model="partnership", codename=allows
    )


def _held_already() -> ValidationError:
    return ValidationError(
        {"email": "They have access already. End it first to give them another"}, code="held"
    )
