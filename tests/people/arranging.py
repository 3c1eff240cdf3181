"""Arranging who belongs to an organisation for tests, each step in a committed transaction."""

from __future__ import annotations

from django.urls import reverse

from organisations.actor import ActingOrganisation, Actor
from organisations.models import Membership, PersonInvitation, Role, User
from organisations.people import links, services
from tests.cast import PASSWORD, Cast, confirm
from tests.record.arranging import acting_as

INVITED = "new-colleague@school.example"


def page(cast: Cast, name: str, part: str = "school", **kwargs: str) -> str:
    """The address of a page of an organisation of the cast."""
    slug = cast.organisation(part).slug
    return reverse(name, kwargs={"organisation_slug": slug, **kwargs})


def membership(cast: Cast, part: str) -> Membership:
    """The membership of somebody of the cast, as it is now."""
    with acting_as(Actor(cast.users[part].pk)):
        found = Membership.objects.select_related("user", "organisation")
        return found.get(user_id=cast.users[part].pk)


def role_of(cast: Cast, part: str) -> str | None:
    """The role somebody has now; None when they no longer belong."""
    now = membership(cast, part)
    return None if now.ended_at else now.role


def invited(
    cast: Cast, email: str = INVITED, role: str = "editor", by: str = "school_manager"
) -> PersonInvitation:
    """Somebody invited by a manager."""
    with acting_as(cast.actors[by]) as actor:
        return services.invite_person(by=actor, email=email, role=role)


def newcomer(cast: Cast, email: str = INVITED, *, confirmed: bool = True) -> Actor:
    """Somebody with a new account, playing the part `newcomer`."""
    user = User.objects.create_user(email, PASSWORD, name="New colleague")
    if confirmed:
        confirm(user)
    cast.users["newcomer"] = user
    cast.actors["newcomer"] = Actor(user.pk)
    return cast.actors["newcomer"]


def accepted(cast: Cast, invitation: PersonInvitation, part: str = "newcomer") -> Membership:
    """The invited person accepts."""
    with acting_as(Actor(cast.users[part].pk)) as by:
        return services.accept_invitation(by=by, token=links.token_of(invitation))


def joined(cast: Cast, role: str, email: str = INVITED) -> Actor:
    """A new colleague at the school trust, in a role, who came by invitation."""
    invitation = invited(cast, email, role)
    newcomer(cast, email)
    accepted(cast, invitation)
    place = cast.organisation("school")
    acting = ActingOrganisation(place.pk, place.name, place.slug, place.kind)
    cast.actors["newcomer"] = Actor(cast.users["newcomer"].pk, acting, Role(role))
    return cast.actors["newcomer"]
