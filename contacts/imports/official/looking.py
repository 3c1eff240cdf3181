"""What official files would change, found by changing it and taking all of it back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from contacts.imports import writing
from contacts.imports.official import bringing_in, comparing
from contacts.imports.official.bringing_in import Result

if TYPE_CHECKING:
    from contacts.imports.england import Progress

BLOCK = 1 << 16


def compare(
    cursor: CursorWrapper,
    number: int,
    publisher: str,
    paths: Sequence[Path],
    report: Progress,
    *,
    using: str,
) -> Result:
    """List under an import what its files would change; England stays as it is.

    Raises BadFile. The list goes through a file, since it may be longer than memory is large.
    """
    with TemporaryFile() as kept:
        before = transaction.savepoint(using=using)
        try:
            result = bringing_in.merge(cursor, publisher, paths, report)
            bringing_in.list_changes(cursor, number, result)
            with cursor.copy(f"COPY ({comparing.LISTED.format(number)}) TO STDOUT") as rows:
                for block in rows:
                    kept.write(block)
        finally:
            transaction.savepoint_rollback(before, using=using)
        kept.seek(0)
        writing.make(cursor, comparing.KEPT)
        with cursor.copy("COPY listed_change FROM STDIN") as stream:
            while block := kept.read(BLOCK):
                stream.write(block)
    cursor.execute(comparing.LIST_AGAIN)
    bringing_in.describe(cursor, number, result)
    return result


def digest(cursor: CursorWrapper, number: int) -> str:
    """Of all that is listed under an import, whatever ids organisations happen to have."""
    cursor.execute(comparing.DIGEST, [number])
    return str(cursor.fetchone()[0])
