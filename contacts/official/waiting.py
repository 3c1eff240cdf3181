"""Files that wait to be brought in: kept in pieces in the database, so that whichever machine
the worker runs on has them; written out again, under their own names, while it reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import DEFAULT_DB_ALIAS

from contacts.models import OfficialFilePart, OfficialImport

PIECE = 1 << 20  # bytes
LONGEST_NAME = 120
UNWANTED = re.compile(r"[^\w.()' -]+")


def plain_name(name: str, taken: Sequence[str] = ()) -> str:
    """A name for a file that a folder can have, another than those taken; its ending stays."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = UNWANTED.sub("_", last).strip(" .")[-LONGEST_NAME:] or "file"
    number = 1
    while plain in taken:
        number += 1
        plain = f"{number} {last}"[-LONGEST_NAME:]
    return plain


def keep(made: OfficialImport, paths: Sequence[Path], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Keep files in pieces, under an import."""
    pieces = OfficialFilePart.objects.using(using)
    for file, path in enumerate(paths):
        with path.open("rb") as opened:
            number = 0
            while content := opened.read(PIECE):
                pieces.create(
                    official_import=made, file=file, number=number, name=path.name, content=content
                )
                number += 1


@contextmanager
def files_of(made: OfficialImport, *, using: str) -> Iterator[list[Path]]:
    """The files of an import, in a folder that ends with the block. One piece is in memory."""
    pieces = OfficialFilePart.objects.using(using).filter(official_import=made)
    with TemporaryDirectory() as folder:
        paths: list[Path] = []
        for pk, name in pieces.values_list("pk", "name").order_by("file", "number"):
            path = Path(folder) / name
            if path not in paths:
                paths.append(path)
            with path.open("ab") as opened:
                opened.write(pieces.values_list("content", flat=True).get(pk=pk))
        yield paths
