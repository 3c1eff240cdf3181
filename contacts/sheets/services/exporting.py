"""A region's directory as a file, for its admins alone; put on record with the number of rows."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from contacts.keeping.selectors import Narrowed
from contacts.models import Region
from contacts.sheets import directory_rows, files_out
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission


@transaction.atomic
def export_contacts(*, by: Actor, region: Region, kind: str, narrowed: Narrowed) -> bytes:
    """The contacts that the admin sees, as CSV or an Excel workbook.

    Raises ValidationError for another kind of file.
    """
    permissions.require(by, Permission.MANAGE_REGION, region)
    if kind not in files_out.CONTENT_TYPES:
        raise ValidationError({"kind": "Choose CSV or Excel"})
    found = list(directory_rows.rows(region, narrowed))
    headings = [*directory_rows.HEADINGS, *directory_rows.MORE]
    content = files_out.write(kind, headings, found)
    audit.record("contacts exported", by=by, obj=region, changes={"rows": len(found)})
    return content
