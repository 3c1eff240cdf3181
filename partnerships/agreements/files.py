"""Bringing a signed copy in, and taking it out again: every write about files."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from organisations.references import new_ref
from partnerships.agreements.models import Agreement, AgreementFile
from partnerships.agreements.uploads import checked

LONGEST_NAME = 150
FOLDER = "agreements"


@transaction.atomic
def add_file(*, by: Actor, agreement: Agreement, upload: UploadedFile[Any]) -> AgreementFile:
    """Keep a signed copy with an agreement. The same file again is kept once.

    Raises ValidationError, keyed `file`, for what `uploads.checked` refuses.
    """
    permissions.require(by, Permission.CHANGE_AGREEMENT, agreement)
    assert by.organisation_id is not None
    found = checked(upload)
    digest = hashlib.sha256(found.data).hexdigest()
    before = AgreementFile.objects.filter(agreement=agreement, digest=digest, removed_at=None)
    if before.exists():
        raise ValidationError({"file": "This very file is with the agreement already"})
    stored_as = default_storage.save(f"{FOLDER}/{new_ref()}", ContentFile(found.data))
    try:
        with transaction.atomic():
            kept = AgreementFile.objects.create(
                agreement=agreement,
                partnership_id=agreement.partnership_id,
                organisation_id=by.organisation_id,
                added_by_id=by.user_id,
                name=_name(upload.name or "", found.ending),
                content_type=found.content_type,
                size=len(found.data),
                digest=digest,
                stored_as=stored_as,
            )
    except Exception:
        # Nothing is left behind that no row knows of.
        default_storage.delete(stored_as)
        raise
    audit.record("agreement file added", by=by, obj=agreement, changes={"file": kept.pk})
    return kept


@transaction.atomic
def remove_file(*, by: Actor, file: AgreementFile) -> AgreementFile:
    """Take a file of one's own organisation out; nobody gets it any more. Twice is once."""
    permissions.require(by, Permission.REMOVE_AGREEMENT_FILE, file)
    rows = AgreementFile.objects.select_for_update(of=("self",)).select_related("agreement")
    current = rows.get(pk=file.pk)
    if current.removed_at is None:
        current.removed_at = timezone.now()
        current.removed_by_id = by.user_id
        current.save(update_fields=["removed_at", "removed_by"])
        changes = {"file": current.pk}
        audit.record("agreement file removed", by=by, obj=current.agreement, changes=changes)
        transaction.on_commit(lambda: default_storage.delete(current.stored_as))
    return current


def _name(given: str, ending: str) -> str:
    """The name it came with, without folders, and with the ending that is true."""
    stem = PurePosixPath(given.replace("\\", "/")).name.rpartition(".")[0] or given
    stem = " ".join("".join(c if c.isprintable() else " " for c in stem).split()) or "signed copy"
    return f"{stem[: LONGEST_NAME - 10]}.{ending}"
