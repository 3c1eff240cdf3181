"""The directory of a region as rows of a sheet: what an export holds, and the empty template."""

from __future__ import annotations

from collections.abc import Iterator

from contacts.keeping.selectors import Narrowed, contacts_of
from contacts.models import CheckedBy, Listing, Region, Visibility
from contacts.sheets.fields import FIELDS
from contacts.sheets.files_out import Cell
from frontend.wording import london

# What an export says besides what can be brought in again.
MORE = ("Last checked on", "Last checked by", "Check due on")
HEADINGS = tuple(field.label for field in FIELDS)
TEMPLATE_HEADINGS = tuple(field.label for field in FIELDS if field.key != "ref")


def rows(region: Region, narrowed: Narrowed) -> Iterator[list[Cell]]:
    """The contacts listed in the region, narrowed as in its list; one query."""
    listed = contacts_of(region, narrowed).filter(listing=Listing.LISTED)
    found = listed.select_related("person", "organisation", "role_type", "place", "details")
    ordered = found.order_by("organisation__name", "person__name", "pk")
    for each in ordered.iterator(chunk_size=2_000):
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
