"""One change at a time to who belongs to an organisation, and what then still holds."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from organisations import permissions
from organisations.actor import Actor
from organisations.models import Membership, Role
from organisations.people import selectors
from organisations.permissions import Permission

LAST_MANAGER = (
    "{who} the only manager of {organisation}. Make someone else a manager first, so that "
    "somebody can decide who belongs to it."
)


def hold_people(by: Actor) -> int:
    """Wait until nobody else changes who belongs to the acting organisation; give its id."""
    assert by.organisation_id is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.hold_people(%s)", [by.organisation_id])
    return by.organisation_id


def hold_as_manager(by: Actor) -> int:
    """As `hold_people`, for someone who is a manager, still.

    Raises PermissionDenied for anybody else, also for whoever was a manager when the request
    began and has been removed while it waited.
    """
    permissions.require(by, Permission.MANAGE_PEOPLE)
    organisation_id = hold_people(by)
    still = Membership.objects.filter(
        organisation_id=organisation_id, user_id=by.user_id, ended_at=None, role=Role.MANAGER
    )
    if not still.exists():
        raise PermissionDenied(f"You may not {Permission.MANAGE_PEOPLE.value} any more.")
    return organisation_id


def live(by: Actor, membership: Membership) -> Membership:
    """The membership as it is now. Raises ValidationError once it has ended, PermissionDenied
    for one of another organisation."""
    if membership.organisation_id != by.organisation_id:
        raise PermissionDenied("You may not decide who belongs to another organisation.")
    now = Membership.objects.select_related("user", "organisation").get(pk=membership.pk)
    if now.ended_at is not None:
        raise ValidationError(f"{now.user} no longer belongs to {now.organisation}.")
    return now


def refuse_last_manager(by: Actor, membership: Membership) -> None:
    """Raise ValidationError when the organisation would be left without a manager."""
    if selectors.is_last_manager(by, membership):
        who = "You are" if membership.user_id == by.user_id else f"{membership.user} is"
        raise ValidationError(
            LAST_MANAGER.format(who=who, organisation=membership.organisation),
            code="last_manager",
        )


def checked_role(role: str) -> Role:
    """The role of that name. Raises ValidationError for one that does not exist."""
    if role not in Role.values:
        raise ValidationError({"role": "Choose what they may do"})
    return Role(role)
