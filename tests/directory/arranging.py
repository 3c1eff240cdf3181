"""A directory to look things up in: a regional admin, and people at real organisations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from contacts.directory.services import ask_for_details
from contacts.directory_services import list_posting
from contacts.models import DetailsRequest, Place, Posting, Region, RoleType
from contacts.regions.services import give_region
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from tests.cast import Cast

REGION = "black-country"


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    with acting(actor.scope), transaction.atomic():
        yield actor


def admin_of(cast: Cast, part: str = "nobody", region: str = REGION) -> Actor:
    """Make someone of the cast the admin of a region, and give them back as themselves."""
    with acting_as(cast.operator) as by:
        give_region(by=by, region=Region.objects.get(slug=region), email=cast.users[part].email)
    return Actor(cast.users[part].pk)


def place(name: str) -> Place:
    found: Place = Place.objects.get(name=name)
    return found


def listed(admin: Actor, **given: Any) -> Posting:
    """A person in the directory, recorded by its region's admin."""
    role = given.pop("role", None)
    given = {
        "region": Region.objects.get(slug=given.pop("region", REGION)),
        "name": "School nursing lead",
        "job_title": "Team leader",
        "email": "team.leader@health.example",
        "source": "The team’s own web page",
    } | given
    if role is not None:
        given["role_type"] = RoleType.objects.get(key=role)
    with acting_as(admin) as by:
        return list_posting(by=by, **given)


def asked_for(cast: Cast, admin: Actor) -> DetailsRequest:
    """A request of the school trust for details at the board that are given on request."""
    posting = listed(
        admin,
        organisation=cast.organisation("icb"),
        name="Programme lead",
        visibility="request",
    )
    with acting_as(cast.school_editor) as by:
        return ask_for_details(by=by, posting=posting, reason="Rooms for a clinic")
