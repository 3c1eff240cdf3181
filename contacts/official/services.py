"""Operators bring official files in: uploaded, looked at, done or thrown away, undone; and decide
where people and a register disagree. The worker reads and writes; see `working`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from contacts.imports.files import BadFile
from contacts.imports.official.bringing_in import KINDS
from contacts.imports.official.recognising import publisher_of
from contacts.models import (
    CameBy,
    Decision,
    OfficialChange,
    OfficialConflict,
    OfficialFilePart,
    OfficialImport,
    OfficialState,
)
from contacts.official import waiting
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission

LARGEST = 150 << 20  # bytes, all files together; the largest official one has 62 MB
MOST_FILES = 10


class Upload(Protocol):
    """A file as a form has it."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]:
        """Its content, piece by piece."""
        ...


@transaction.atomic
def bring_in_files(*, by: Actor, files: Sequence[Upload]) -> OfficialImport:
    """Take files of one register in, and have the worker say what they would change.

    Raises ValidationError, keyed `uploads`: too many, too large, damaged, of no kind that is read.
    """
    permissions.require(by, Permission.BRING_IN_OFFICIAL_FILES)
    if len(files) > MOST_FILES:
        raise ValidationError({"uploads": f"Choose at most {MOST_FILES} files at a time"})
    if sum(each.size or 0 for each in files) > LARGEST:
        raise ValidationError(
            {"uploads": f"The files have more than {LARGEST >> 20} MB. Bring in fewer at a time"}
        )
    with TemporaryDirectory() as folder:
        paths: list[Path] = []
        for each in files:
            name = waiting.plain_name(each.name or "", [path.name for path in paths])
            paths.append(Path(folder) / name)
            with paths[-1].open("wb") as opened:
                for block in each.chunks():
                    opened.write(block)
        try:
            publisher = publisher_of(paths)
        except BadFile as problem:
            raise ValidationError({"uploads": str(problem)}) from problem
        made = OfficialImport.objects.create(
            publisher=publisher,
            kinds=KINDS[publisher],
            made_by_id=by.user_id,
            work_for_id=by.user_id,
            came_by=CameBy.UPLOAD,
            state=OfficialState.CHECKING,
            files=[{"name": path.name} for path in paths],
        )
        waiting.keep(made, paths)
    audit.record("official files uploaded", by=by, obj=made, changes={"files": len(paths)})
    _wake_worker()
    return made


@transaction.atomic
def apply_files(*, by: Actor, made: OfficialImport) -> None:
    """Have the worker do what was looked at. Raises ValidationError when it is not to be done."""
    current = _held(by, made, OfficialState.CHECKED)
    _hand_over(by, current, OfficialState.APPLYING)
    audit.record("official files approved", by=by, obj=current)


@transaction.atomic
def undo_files(*, by: Actor, made: OfficialImport) -> None:
    """Have the worker put everything back. Raises ValidationError where nothing is in use."""
    current = _held(by, made, OfficialState.APPLIED)
    _hand_over(by, current, OfficialState.UNDOING)
    audit.record("undoing of official files asked for", by=by, obj=current)


@transaction.atomic
def discard_files(*, by: Actor, made: OfficialImport) -> None:
    """Throw files away that were looked at. Raises ValidationError once they are brought in."""
    current = _held(by, made, OfficialState.CHECKED)
    current.state = OfficialState.DISCARDED
    current.save(update_fields=["state"])
    OfficialFilePart.objects.filter(official_import=current).delete()
    OfficialChange.objects.filter(official_import=current).delete()
    audit.record("official files thrown away", by=by, obj=current)


@transaction.atomic
def decide_conflict(*, by: Actor, conflict: OfficialConflict, decision: Decision) -> None:
    """Say what holds where people and a register disagree: what was reported, or the official.

    Raises ValidationError when it has been decided, or when what it is about has changed.
    """
    permissions.require(by, Permission.BRING_IN_OFFICIAL_FILES)
    with connection.cursor() as cursor:
        take = decision == Decision.TAKE
        cursor.execute("SELECT tandem.decide_official_conflict(%s, %s)", [conflict.pk, take])
        (decided,) = cursor.fetchone()
    if not decided:
        raise ValidationError(
            "This has been decided, or has changed, meanwhile. Look at the list again."
        )
    audit.record(
        "difference from a register decided",
        by=by,
        obj=conflict,
        changes={"decision": [None, str(decision)], "organisation": conflict.organisation_id},
    )


def _held(by: Actor, made: OfficialImport, state: OfficialState) -> OfficialImport:
    """The import under its lock, in that state. Raises ValidationError when it has moved on."""
    permissions.require(by, Permission.BRING_IN_OFFICIAL_FILES)
    rows = OfficialImport.objects.select_for_update(of=("self",))
    current = rows.filter(pk=made.pk, state=state).first()
    if current is None:
        raise ValidationError("This import has moved on meanwhile. Look at it again.")
    return current


def _hand_over(by: Actor, current: OfficialImport, state: OfficialState) -> None:
    """Have the worker do something with it, for whoever asks."""
    current.state, current.work_for_id, current.attempts, current.failure = state, by.user_id, 0, ""
    current.save(update_fields=["state", "work_for", "attempts", "failure"])
    _wake_worker()


def _wake_worker() -> None:
    from contacts.official.tasks import wake

    transaction.on_commit(wake, robust=True)
