"""Passing a contact on to another region, whose admin decides."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from contacts.directory_services import require_admin, require_place
from contacts.models import Listing, Place, Posting, Region
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission


@transaction.atomic
def offer_transfer(*, by: Actor, posting: Posting, region: Region | None) -> None:
    """Ask the admin of another region to take a contact over; None takes the wish back.

    It stays in its directory until then. Raises ValidationError for its own region, or for
    somebody who is not in post.
    """
    require_admin(by, posting)
    if posting.listing != Listing.LISTED or posting.ended_on is not None:
        raise ValidationError("Only somebody in post can be passed on")
    if region is not None and region.pk == posting.region_id:
        raise ValidationError({"region": "Choose another region"})
    if posting.offered_to_id == (region.pk if region else None):
        return
    changed = [posting.offered_to_id, region.pk if region else None]
    posting.offered_to = region
    posting.save(update_fields=["offered_to"])
    audit.record("transfer offered", by=by, obj=posting, changes={"region": changed})


@transaction.atomic
def decide_transfer(
    *, by: Actor, posting: Posting, region: Region, accept: bool, place: Place | None = None
) -> None:
    """Take over a contact that another region passes on, or leave it there.

    By the admin of `region`, which it was offered to. Raises ValidationError if it no longer
    is, or for a place outside the region.
    """
    permissions.require(by, Permission.MANAGE_REGION, region)
    if posting.offered_to_id != region.pk:
        raise ValidationError("This contact is no longer offered to your region")
    if accept:
        require_place(place, region)
    event = "transfer accepted" if accept else "transfer declined"
    # Before: who declines sees the contact no longer afterwards.
    audit.record(event, by=by, obj=posting, changes={"region": [posting.region_id, region.pk]})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tandem.take_over_posting(%s, %s, %s)",
            [posting.pk, place.pk if place else None, accept],
        )
        if not cursor.fetchone()[0]:
            raise ValidationError("This contact is no longer offered to your region")
