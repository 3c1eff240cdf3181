"""Arranging who belongs to an organisation for tests, each step in a committed transaction."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from organisations.actor import ActingOrganisation, Actor
from organisations.models import Membership, PersonInvitation, Role, User
from organisations.people import links, services
from partnerships.record.models import NamedContact, Partnership
from partnerships.touchpoints.models import Touchpoint
from tests.cast import PASSWORD, Cast, confirm
from tests.record.arranging import acting_as, named

INVITED = "new-colleague@school.example"
EDITOR_ADDRESS = "school-editor@tandem.example"


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


def removed(
    cast: Cast,
    part: str,
    successor: str | None = None,
    by: str = "school_manager",
    job_title: str = "Head of inclusion",
) -> Membership:
    """Somebody removed by a manager, who names a successor or not."""
    heir = membership(cast, successor) if successor else None
    with acting_as(cast.actors[by]) as actor:
        return services.remove_person(
            by=actor, membership=membership(cast, part), successor=heir, job_title=job_title
        )


def left(cast: Cast, part: str, successor: str | None = None, job_title: str = "") -> Membership:
    """Somebody who has left."""
    heir = membership(cast, successor) if successor else None
    with acting_as(cast.actors[part]) as by:
        return services.leave(by=by, successor=heir, job_title=job_title)


def scheduled(cast: Cast, partnership: Partnership, *, days: int = 7) -> Touchpoint:
    """A touchpoint that the trust's editor scheduled."""
    with acting_as(cast.school_editor) as by:
        return Touchpoint.objects.create(
            partnership=partnership,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            kind="update",
            starts_at=timezone.now() + timedelta(days=days),
        )


def contact(cast: Cast, partnership: Partnership, function: str = "named") -> str | None:
    """The address of the trust's contact or deputy."""
    with acting_as(cast.school_manager) as by:
        return (
            NamedContact.objects.filter(
                partnership=partnership,
                organisation_id=by.organisation_id,
                function=function,
                ended_at=None,
            )
            .values_list("posting__details__email", flat=True)
            .first()
        )


def as_contact(cast: Cast, partnership: Partnership, function: str, email: str) -> None:
    """Somebody of the trust named as its contact or deputy."""
    named(
        cast,
        partnership,
        "school",
        function=function,
        name=email.partition("@")[0],
        job_title="Trust lead",
        email=email,
    )
