"""A trust's own extract of Get Information about Schools: the schools that it has in the trust."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.exceptions import ValidationError

from contacts.imports.files import BadFile
from contacts.imports.official import gias
from contacts.imports.official.sources import sources
from contacts.imports.official.tables import Notes
from contacts.official.services import Upload
from contacts.official.waiting import plain_name

LARGEST = 20 << 20  # bytes
# Where a row for `official_school` has what is asked here.
URN, NAME, IS_OPEN, TRUST = 0, 1, 4, 17
School = tuple[str, str]


def schools_of(upload: Upload, trust: str) -> Sequence[School]:
    """URN and name of each open school that the file has in a trust, by the trust's number.

    Raises ValidationError, keyed `extract`: not such a file, or none of its schools is in it.
    """
    if (upload.size or 0) > LARGEST:
        raise ValidationError({"extract": f"The file has more than {LARGEST >> 20} MB"})
    with TemporaryDirectory() as folder:
        path = Path(folder) / plain_name(upload.name or "")
        with path.open("wb") as opened:
            for block in upload.chunks():
                opened.write(block)
        try:
            found, rows = _read(path, trust)
        except BadFile as problem:
            raise ValidationError({"extract": str(problem)}) from problem
    if not found:
        raise ValidationError(
            {
                "extract": f"None of the {rows:,} rows of this file is an open school with "
                f"{trust} as its trust. Download your trust’s extract again"
            }
        )
    return found


def _read(path: Path, trust: str) -> tuple[list[School], int]:
    found: list[School] = []
    rows = 0
    for source in sources(path):
        reading = gias.recognised(source, Notes())
        if reading is None or reading.kind != gias.ESTABLISHMENTS:
            continue
        if not reading.has("trust"):
            raise BadFile(source.file, "is missing", row=1, column="Trusts (code)")
        for row in gias.SHAPES[reading.kind].rows(reading):
            rows += 1
            if row[TRUST] == trust and row[IS_OPEN]:
                found.append((str(row[URN]), str(row[NAME])))
    if not rows:
        raise BadFile(path, "holds no schools. Download an extract with the establishment fields")
    return found, rows
