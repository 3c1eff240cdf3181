"""What a planner may be narrowed to."""

from __future__ import annotations

from organisations.actor import Actor
from organisations.models import Kind, Organisation
from partnerships.record.models import Partnership

# More would be no list to choose from; the planner of any partnership is on its own page.
MOST_PARTNERSHIPS, MOST_SCHOOLS = 100, 150


def partnerships_to_choose(actor: Actor) -> list[Partnership]:
    """The actor's open partnerships by name; one statement."""
    found = Partnership.objects.filter(acl__overlap=[actor.key], closed_at=None)
    return list(found.only("id", "ref", "name").order_by("name", "pk")[:MOST_PARTNERSHIPS])


def schools_of(actor: Actor) -> list[Organisation]:
    """The schools of the acting trust by name; one statement for a trust, none for others."""
    if actor.organisation is None or actor.organisation.kind != Kind.SCHOOL_TRUST:
        return []
    found = Organisation.objects.filter(school__trust_id=actor.organisation.id, closed_on=None)
    return list(found.only("id", "slug", "name").order_by("name", "pk")[:MOST_SCHOOLS])
