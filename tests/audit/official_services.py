"""How each service about official files is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from contacts.models import Decision, OfficialConflict
from organisations.actor import Actor
from tests.cast import Cast
from tests.contacts.official.arranging import brought_in, looked_at
from tests.contacts.official.uploading import RENAMED, schools

Call = tuple[Actor, dict[str, Any]]
FILES = "contacts.official.services."


def uploading(cast: Cast) -> Call:
    files = [SimpleUploadedFile(name, content) for name, content in schools(RENAMED).items()]
    return cast.operator, {"files": files}


def deciding(cast: Cast) -> Call:
    brought_in()
    conflict = OfficialConflict.objects.using("owner").get()
    return cast.operator, {"conflict": conflict, "decision": Decision.KEEP}


OFFICIAL: dict[str, Callable[[Cast], Call]] = {
    f"{FILES}bring_in_files": uploading,
    f"{FILES}apply_files": lambda cast: (cast.operator, {"made": looked_at()}),
    f"{FILES}discard_files": lambda cast: (cast.operator, {"made": looked_at()}),
    f"{FILES}undo_files": lambda cast: (cast.operator, {"made": brought_in()}),
    f"{FILES}decide_conflict": deciding,
}
