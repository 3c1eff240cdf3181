"""Saying of several contacts at once that they are right."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction

from contacts.directory_services import confirm_posting
from contacts.models import Listing, Posting, Region
from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission

MOST_AT_ONCE = 100


@transaction.atomic
def confirm_several(*, by: Actor, region: Region, postings: Collection[Posting]) -> int:
    """Say today of several contacts of one region that they are right; all of them or none.

    Raises ValidationError, keyed by field, for none, for more than MOST_AT_ONCE, or when one is
    no longer in post in that region.
    """
    permissions.require(by, Permission.MANAGE_REGION, region)
    if not postings:
        raise ValidationError({"postings": "Choose at least one contact"})
    if len(postings) > MOST_AT_ONCE:
        raise ValidationError({"postings": f"Choose at most {MOST_AT_ONCE} contacts at a time"})
    for posting in postings:
        if (
            posting.region_id != region.pk
            or posting.listing != Listing.LISTED
            or posting.ended_on is not None
        ):
            raise ValidationError(
                {"postings": f"{posting.person.name} is no longer in post in {region}"}
            )
        confirm_posting(by=by, posting=posting)
    return len(postings)
