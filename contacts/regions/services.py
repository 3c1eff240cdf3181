"""Giving somebody a region to manage, and taking it away."""

from __future__ import annotations

from datetime import date

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission as GrantedPermission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from contacts.grants import MANAGE, live
from contacts.models import Region, RegionGrant
from contacts.regions import mail
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import User
from organisations.permissions import Permission


@transaction.atomic
def give_region(
    *, by: Actor, region: Region, email: str, last_day: date | None = None
) -> RegionGrant:
    """Let the person who confirmed `email` manage a region's directory, up to `last_day`.

    Raises ValidationError, keyed by field: for an address that nobody confirmed, an account that
    is closed or an operator's, somebody who manages it already, a last day that is over.
    """
    permissions.require(by, Permission.GIVE_REGION)
    user = _person(email)
    if last_day is not None and last_day < timezone.localdate():
        raise ValidationError({"last_day": "The last day must be today or later"})
    held = RegionGrant.objects.filter(content_object=region, user=user, ended_at=None)
    if held.filter(live()).exists():
        raise _held_already(user, region)
    held.update(ended_at=timezone.now(), ended_by_id=by.user_id)  # had run out
    try:
        with transaction.atomic():
            grant: RegionGrant = RegionGrant.objects.create(
                content_object=region,
                user=user,
                permission=_permission(),
                given_by_id=by.user_id,
                ends=last_day,
            )
    except IntegrityError:
        raise _held_already(user, region) from None
    audit.record(
        "region given",
        by=by,
        obj=grant,
        changes={
            "region": [None, region.pk],
            "user": [None, user.pk],
            "ends": [None, last_day.isoformat() if last_day else None],
        },
    )
    mail.say_given(grant)
    return grant


@transaction.atomic
def take_region(*, by: Actor, grant: RegionGrant) -> None:
    """Take a region away at once, and tell the person. Again: does nothing."""
    permissions.require(by, Permission.GIVE_REGION)
    changed = RegionGrant.objects.filter(pk=grant.pk, ended_at=None).update(
        ended_at=timezone.now(), ended_by_id=by.user_id
    )
    if not changed:
        return
    audit.record(
        "region taken away",
        by=by,
        obj=grant,
        changes={"region": [grant.content_object_id, None], "user": [grant.user_id, None]},
    )
    mail.say_taken(grant)


def _person(email: str) -> User:
    """Whose address it is. An operator may be told why nobody can be given anything there."""
    address = (
        EmailAddress.objects.filter(email__iexact=email.strip())
        .select_related("user")
        .order_by("-verified")
        .first()
    )
    if address is None:
        raise ValidationError({"email": "No account has this address. Ask them to create one"})
    if not address.verified:
        raise ValidationError(
            {"email": "The account with this address has not confirmed it. Ask them to do that"}
        )
    user: User = address.user
    if not user.is_active:
        raise ValidationError({"email": "The account with this address is closed"})
    if user.is_operator:
        raise ValidationError(
            {"email": "An operator cannot manage a region. They need another account for it"}
        )
    return user


def _permission() -> GrantedPermission:
    return GrantedPermission.objects.get(
        content_type__app_label="contacts", content_type__model="region", codename=MANAGE
    )


def _held_already(user: User, region: Region) -> ValidationError:
    return ValidationError({"email": f"{user} manages {region} already"}, code="held")
