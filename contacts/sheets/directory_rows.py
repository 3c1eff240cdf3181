"""The directory of a region as rows of a sheet: what an export holds, and the empty template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from contacts.models import CheckedBy, Listing, Place, Posting, Region, RoleType, Visibility
from contacts.sheets.fields import FIELDS
from contacts.sheets.files_out import Cell
from frontend.wording import london

# What an export says besides what can be brought in again.
MORE = ("Last checked on", "Last checked by", "Check due on")
HEADINGS = tuple(field.label for field in FIELDS)
TEMPLATE_HEADINGS = tuple(field.label for field in FIELDS if field.key != "ref")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which contacts; each None or empty for all."""

    words: str = ""
    place: Place | None = None
    role_type: RoleType | None = None
    # Also those who have left.
    ended: bool = False


def rows(region: Region, filters: Filters) -> Iterator[list[Cell]]:
    """The contacts listed in the region, as the reader sees them; one query."""
    for each in _postings(region, filters).iterator(chunk_size=2_000):
        place = each.place.name if each.place else ""
        role = each.role_type.name if each.role_type else ""
        checked = london(each.checked_at).date() if each.checked_at else None
        yield [
            each.ref,
            each.person.name,
            each.job_title,
            each.organisation.name,
            each.organisation.code,
            each.details.email,
            each.details.telephone,
            role,
            place,
            Visibility(each.visibility).label,
            each.source,
            each.started_on,
            each.ended_on,
            checked,
            CheckedBy(each.checked_by).label if each.checked_by else "",
            each.check_due_on,
        ]


def _postings(region: Region, filters: Filters) -> QuerySet[Posting]:
    found = Posting.objects.filter(region=region, listing=Listing.LISTED)
    if not filters.ended:
        found = found.filter(ended_on=None)
    if filters.place:
        found = found.filter(place=filters.place)
    if filters.role_type:
        found = found.filter(role_type=filters.role_type)
    for word in filters.words.split():
        found = found.filter(
            Q(person__name__icontains=word)
            | Q(job_title__icontains=word)
            | Q(organisation__name__icontains=word)
        )
    related = "person", "organisation", "role_type", "place", "details"
    return found.select_related(*related).order_by("organisation__name", "person__name", "pk")
