"""Asking for a file with the organisation's records, making it, and fetching it: every write."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from tempfile import TemporaryFile

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.exporting import archive, mail
from organisations.models import ExportState, RecordsExport
from organisations.permissions import Permission

# More rows than this are not made while somebody waits for the page.
MOST_AT_ONCE = 2_000
KEPT_FOR = timedelta(days=7)


def is_large(*, by: Actor) -> bool:
    """Whether the organisation's records are too many to be handed over at once."""
    permissions.require(by, Permission.EXPORT_RECORDS)
    return archive.is_longer_than(MOST_AT_ONCE, by=by)


@transaction.atomic
def export_at_once(*, by: Actor) -> tuple[str, bytes]:
    """The file's name and content; taking it is put on record."""
    permissions.require(by, Permission.EXPORT_RECORDS)
    assert by.organisation is not None
    content = BytesIO()
    counts = archive.write(content, by=by)
    audit.record("records exported", by=by, changes={"rows": counts})
    return archive.file_name(by.organisation, timezone.now()), content.getvalue()


@transaction.atomic
def ask_for_export(*, by: Actor) -> RecordsExport:
    """Have the worker make the file; the same one as long as one is being made for this person."""
    permissions.require(by, Permission.EXPORT_RECORDS)
    assert by.organisation_id is not None
    under_way = (
        RecordsExport.objects.defer("content")
        .filter(organisation_id=by.organisation_id, asked_by_id=by.user_id, state=ExportState.ASKED)
        .first()
    )
    if under_way is not None:
        return under_way
    export = RecordsExport.objects.create(
        organisation_id=by.organisation_id, asked_by_id=by.user_id
    )
    audit.record("records export asked for", by=by, obj=export)
    transaction.on_commit(_wake, robust=True)
    return export


@transaction.atomic
def make_export(*, by: Actor, export: RecordsExport) -> bool:
    """Write the file that the actor asked for and tell them; says whether there was one to make.

    Everything is in one transaction under the row's lock: a worker that dies leaves nothing
    behind, and two of them make one file.
    """
    permissions.require(by, Permission.EXPORT_RECORDS)
    current = (
        RecordsExport.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("asked_by")
        .defer("content")
        .filter(pk=export.pk, state=ExportState.ASKED)
        .first()
    )
    if current is None:
        return False
    with TemporaryFile() as file:
        counts = archive.write(file, by=by)
        file.seek(0)
        current.content = file.read()
    current.state = ExportState.READY
    current.made_at = timezone.now()
    current.expires_at = current.made_at + KEPT_FOR
    current.save(update_fields=["state", "made_at", "expires_at", "content"])
    audit.record("records export made", by=by, obj=current, changes={"rows": counts})
    mail.say_ready(by, current)
    return True


@transaction.atomic
def take_export(*, by: Actor, export: RecordsExport) -> tuple[str, bytes]:
    """The name and content of a file that is ready, for whoever asked; put on record.

    Raises ValidationError when it is not there (any more).
    """
    permissions.require(by, Permission.EXPORT_RECORDS)
    assert by.organisation is not None
    current = RecordsExport.objects.filter(pk=export.pk, asked_by_id=by.user_id).first()
    if current is None or not current.is_there or current.content is None:
        raise ValidationError("The file is not there any more. Ask for a new one.")
    audit.record("records export downloaded", by=by, obj=current)
    return archive.file_name(by.organisation, current.asked_at), bytes(current.content)


def _wake() -> None:
    from organisations.tasks import wake_exports

    wake_exports()
