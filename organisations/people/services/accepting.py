"""Accepting an invitation into an organisation, as the person it was sent to."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from organisations import audit, permissions
from organisations.actor import ActingOrganisation, Actor
from organisations.models import Membership
from organisations.people import links
from organisations.people.links import FoundInvitation, LinkState
from organisations.permissions import Hidden, Permission
from organisations.tenancy.scope import acting

REFUSED = {
    LinkState.BELONGS: "You belong to {organisation} already.",
    LinkState.WITHDRAWN: "This invitation was withdrawn.",
    LinkState.USED: "This invitation has been used.",
    LinkState.SUPERSEDED: "A newer invitation was sent. Use the link in the latest email.",
    LinkState.EXPIRED: "This invitation has expired. Ask for a new one.",
    LinkState.CLOSED: "{organisation} is not using this service at the moment.",
}

OPERATOR = (
    "You are an operator of this service, and an operator belongs to no organisation. "
    "Use an account of its own for that, and have its address invited."
)


@transaction.atomic
def accept_invitation(*, by: Actor, token: str) -> Membership:
    """Admit the person to the organisation that invited them, once.

    The database checks again that the person has confirmed exactly the invited address and
    that the invitation is open. Raises Hidden for a link that we did not make,
    PermissionDenied for somebody else's invitation, ValidationError for one that has ended.
    """
    permissions.require(by, Permission.ACCEPT_INVITATION)
    found = _usable(token)
    if by.is_operator:
        raise ValidationError(OPERATOR)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.accept_person_invitation(%s, %s)", [found.ref, found.sending])
        (admitted,) = cursor.fetchone()
    if admitted is None:
        # Ended between reading and accepting: read again for the reason.
        _usable(token)
        raise ValidationError("This invitation cannot be used any more.")
    return _recorded(by, found, admitted)


def _usable(token: str) -> FoundInvitation:
    found = links.find(token)
    if found is None:
        raise Hidden("use an invitation that was never sent")
    if found.state is LinkState.OPEN and not found.for_reader:
        raise PermissionDenied("You may not use an invitation for somebody else.")
    if found.state is not LinkState.OPEN:
        raise ValidationError(REFUSED[found.state].format(organisation=found.organisation))
    return found


def _recorded(by: Actor, found: FoundInvitation, admitted: int) -> Membership:
    """Put it on record as the organisation's own, so that its managers can read it."""
    place = found.organisation
    joined = Actor(
        by.user_id,
        ActingOrganisation(place.pk, place.name, place.slug, place.kind),
        found.role,
    )
    with acting(joined.scope):
        membership = Membership.objects.select_related("organisation").get(pk=admitted)
        audit.record(
            "invitation of a person accepted",
            by=joined,
            obj=membership,
            changes={"user": [None, by.user_id], "role": [None, membership.role]},
        )
    return membership
