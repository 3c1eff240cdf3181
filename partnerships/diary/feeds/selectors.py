"""Which feeds there are. Nothing here reads a secret's hash: the role that asks may not."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet

from organisations.actor import Actor
from organisations.audit_trail.selectors import ours
from organisations.models import Membership, User
from organisations.permissions import Hidden
from partnerships.diary.models import CalendarFeed

NEVER_READ = ("secret_hash", "content_hash", "content_at")
MOST_LISTED = 200


def own_feeds(actor: Actor) -> list[CalendarFeed]:
    """The person's own for the acting organisation that stand, the newest first."""
    return list(_standing(actor).filter(person_id=actor.user_id))


def feeds_of_colleagues(actor: Actor) -> list[CalendarFeed]:
    """Those of the others, for whoever manages the organisation, by person."""
    others = _standing(actor).exclude(person_id=actor.user_id)
    return list(others.order_by("person__name", "person__email", "-pk")[:MOST_LISTED])


def feed_of(actor: Actor, ref: str) -> CalendarFeed:
    """One that the actor may end: their own or, for a manager, a colleague's; Hidden otherwise."""
    found = _standing(actor).filter(ref=ref).first()
    if found is None:
        raise Hidden("see a calendar feed")
    return found


def number_of(actor: Actor, user: User) -> int:
    """How many feeds somebody of the acting organisation has, as far as the actor sees them."""
    return _standing(actor).filter(person=user).count()


def _standing(actor: Actor) -> QuerySet[CalendarFeed]:
    """What a program can still read: as `tandem.open_feed` has it."""
    membership = Membership.objects.filter(
        organisation_id=OuterRef("organisation_id"),
        user_id=OuterRef("person_id"),
        ended_at=None,
        began_at__lte=OuterRef("created_at"),
    )
    return (
        CalendarFeed.objects.defer(*NEVER_READ)
        .filter(
            Exists(membership),
            organisation_id=ours(actor),
            organisation__joined_at__lte=F("created_at"),
            revoked_at=None,
        )
        .select_related("person", "partnership")
        .order_by("-created_at", "-pk")
    )
