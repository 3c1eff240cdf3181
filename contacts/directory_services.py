"""Writes about postings in a region's directory: offered, accepted, recorded, checked, ended.

Not here: private postings that an organisation records for its partnerships
(`contacts.services`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.errors import ExclusionViolation

from contacts.keeping import followers
from contacts.models import (
    CheckedBy,
    Listing,
    Person,
    Place,
    PlaceRegion,
    Posting,
    Region,
    RoleType,
    Visibility,
    WorkDetails,
)
from contacts.objections import require_no_objection
from contacts.services import require_details
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Organisation
from organisations.permissions import Permission

OF_POSTING = (
    "organisation",
    "role_type",
    "job_title",
    "place",
    "visibility",
    "deputy",
    "source",
    "lawful_basis",
    "started_on",
)
OF_DETAILS = ("email", "telephone")
LAWFUL_BASIS = "Public task: work details of people in public roles"


@transaction.atomic
def list_posting(
    *,
    by: Actor,
    region: Region,
    organisation: Organisation,
    name: str,
    job_title: str,
    email: str,
    telephone: str = "",
    role_type: RoleType | None = None,
    place: Place | None = None,
    visibility: str = Visibility.REGION,
    source: str = "",
    lawful_basis: str = LAWFUL_BASIS,
    started_on: date | None = None,
) -> Posting:
    """Record someone in the directory of a region that the actor manages.

    Nobody has checked it yet. Raises ValidationError, keyed by field: details that are missing,
    a place outside the region, a role that one person holds at a time and that is taken.
    """
    permissions.require(by, Permission.MANAGE_REGION, region)
    name, job_title, email = name.strip(), job_title.strip(), email.strip()
    require_details(name=name, job_title=job_title, email=email)
    require_no_objection(email)
    require_place(place, region)
    person = Person.objects.create(name=name, region=region)
    with seat_may_be_taken():
        posting = Posting.objects.create(
            person=person,
            organisation=organisation,
            role_type=role_type,
            job_title=job_title,
            region=region,
            place=place,
            listing=Listing.LISTED,
            visibility=Visibility(visibility),
            started_on=started_on,
            source=source.strip(),
            lawful_basis=lawful_basis.strip(),
        )
    WorkDetails.objects.create(posting=posting, email=email, telephone=telephone.strip())
    audit.record(
        "contact listed",
        by=by,
        obj=posting,
        changes={"organisation": [None, organisation.pk], "region": [None, region.pk]},
    )
    return posting


@transaction.atomic
def change_posting(*, by: Actor, posting: Posting, **given: Any) -> Posting:
    """Change a posting of the directory: any of `name`, OF_POSTING and OF_DETAILS.

    By its region's admin. A new address has not been checked and has not bounced. Raises
    ValidationError, keyed by field, as `list_posting`; TypeError for a field it does not know.
    """
    if unknown := set(given) - {"name", *OF_POSTING, *OF_DETAILS}:
        raise TypeError(f"a posting has no {sorted(unknown)}")
    require_admin(by, posting)
    given = {name: v.strip() if isinstance(v, str) else v for name, v in given.items()}
    details = posting.details
    require_details(
        name=given.get("name", posting.person.name),
        job_title=given.get("job_title", posting.job_title),
        email=given.get("email", details.email),
    )
    assert posting.region is not None
    require_place(given.get("place", posting.place), posting.region)
    changed = [f for f in OF_POSTING if f in given and getattr(posting, f) != given[f]]
    reached = [f for f in OF_DETAILS if f in given and getattr(details, f) != given[f]]
    for field in changed:
        setattr(posting, field, given[field])
    for field in reached:
        setattr(details, field, given[field])
    saved = list(changed)
    if "email" in reached:
        require_no_objection(details.email)
        posting.bounced_at, posting.checked_at, posting.checked_by = None, None, ""
        saved += ["bounced_at", "checked_at", "checked_by"]
        details.bounce_reason = ""
    if saved:
        with seat_may_be_taken():
            posting.save(update_fields=saved)
    if reached:
        details.save(update_fields=[*reached, "bounce_reason"])
    if "name" in given and given["name"] != posting.person.name:
        posting.person.name = given["name"]
        posting.person.save(update_fields=["name"])
        changed.append("name")
    if changed or reached:
        audit.record(
            "contact changed", by=by, obj=posting, changes={"fields": [*changed, *reached]}
        )
    return posting


@transaction.atomic
def confirm_posting(*, by: Actor, posting: Posting) -> None:
    """Say today, as the region's admin, that a posting is right. Settles a dispute."""
    require_admin(by, posting)
    posting.checked_at, posting.checked_by = timezone.now(), CheckedBy.ADMIN
    posting.disputed_at = None
    posting.save(update_fields=["checked_at", "checked_by", "disputed_at"])
    audit.record("contact checked", by=by, obj=posting, changes={"checked_by": CheckedBy.ADMIN})


@transaction.atomic
def end_posting(*, by: Actor, posting: Posting, on: date) -> Posting:
    """Record, as the region's admin, that a posting ended: `on` is their last day.

    Partnerships that relied on them are told. Raises ValidationError when that is before it
    started. Ended already: nothing happens.
    """
    require_admin(by, posting)
    if posting.ended_on is not None:
        return posting
    if posting.started_on is not None and on < posting.started_on:
        raise ValidationError({"ended_on": "The last day must be on or after the first"})
    posting.ended_on = on
    posting.save(update_fields=["ended_on"])
    audit.record("contact left", by=by, obj=posting, changes={"ended_on": [None, on.isoformat()]})
    followers.left(posting)
    return posting


@transaction.atomic
def offer_posting(
    *,
    by: Actor,
    posting: Posting,
    region: Region,
    place: Place | None = None,
    visibility: str = Visibility.REGION,
) -> Posting:
    """Offer a private posting to a region's directory; its admin decides.

    By the organisation that recorded it. Raises ValidationError for one that has ended, is
    offered or listed already, or a place outside the region.
    """
    permissions.require(by, Permission.OFFER_POSTING, posting)
    if posting.ended_on is not None:
        raise ValidationError("They have left this post, so they cannot be offered")
    if posting.listing in (Listing.OFFERED, Listing.LISTED):
        raise ValidationError(f"{posting.person.name} is {posting.get_listing_display().lower()}")
    require_no_objection(posting.details.email)
    require_place(place, region)
    posting.region, posting.place = region, place
    posting.listing, posting.visibility = Listing.OFFERED, Visibility(visibility)
    posting.save(update_fields=["region", "place", "listing", "visibility"])
    audit.record("contact offered", by=by, obj=posting, changes={"region": [None, region.pk]})
    return posting


@transaction.atomic
def withdraw_offer(*, by: Actor, posting: Posting) -> None:
    """Take an offer back before it is decided."""
    permissions.require(by, Permission.OFFER_POSTING, posting)
    if posting.listing != Listing.OFFERED:
        raise ValidationError("This offer has been decided already")
    posting.listing = Listing.PRIVATE
    posting.save(update_fields=["listing"])
    audit.record("contact offer withdrawn", by=by, obj=posting)


@transaction.atomic
def accept_offer(*, by: Actor, posting: Posting) -> Posting:
    """Take an offered posting into the directory. Raises ValidationError if decided already."""
    _decide(by, posting, Listing.LISTED)
    audit.record("contact accepted", by=by, obj=posting)
    return posting


@transaction.atomic
def decline_offer(*, by: Actor, posting: Posting) -> Posting:
    """Leave an offered posting with who offered it."""
    _decide(by, posting, Listing.DECLINED)
    audit.record("contact declined", by=by, obj=posting)
    return posting


def _decide(by: Actor, posting: Posting, listing: Listing) -> None:
    require_admin(by, posting)
    if posting.listing != Listing.OFFERED:
        raise ValidationError("This offer has been decided already")
    if listing == Listing.LISTED:
        require_no_objection(posting.details.email)
    posting.listing = listing
    if listing == Listing.LISTED and not posting.lawful_basis:
        posting.lawful_basis = LAWFUL_BASIS
    with seat_may_be_taken():
        posting.save(update_fields=["listing", "lawful_basis"])


def require_admin(by: Actor, posting: Posting) -> None:
    """Raise PermissionDenied unless the actor manages the region of a posting."""
    permissions.require(by, Permission.MANAGE_REGION, posting.region)


def require_place(place: Place | None, region: Region) -> None:
    """Raise ValidationError unless a place lies in a region, wholly or in part."""
    if place and not PlaceRegion.objects.filter(place=place, region=region).exists():
        raise ValidationError({"place": f"{place} is not in {region}. Choose a place that is"})


@contextmanager
def seat_may_be_taken() -> Iterator[None]:
    """Say in words that a role which one person holds at a time is held by somebody else."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as problem:
        if not isinstance(problem.__cause__, ExclusionViolation):
            raise
        raise ValidationError(
            {
                "role_type": "One person at a time holds this role there, and somebody does. "
                "Record first that they have left, or change the dates"
            }
        ) from problem
