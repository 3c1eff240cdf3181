"""Which register files are of, before any of their rows is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from contacts.imports.files import BadFile
from contacts.imports.official import gias, ods
from contacts.imports.official.sources import sources
from contacts.imports.official.tables import Notes
from contacts.models import Publisher


def publisher_of(paths: Sequence[Path]) -> Publisher:
    """Whose files these are. Raises BadFile for one that is damaged, unknown or lacks a column."""
    found: dict[Publisher, Path] = {}
    for path in paths:
        for source in sources(path):
            if gias.looks_like_it(source):
                gias.recognised(source, Notes())
                found.setdefault(Publisher.GIAS, path)
            elif ods.looks_like_it(source):
                ods.recognised(source, Notes())
                found.setdefault(Publisher.ODS, path)
            else:
                raise BadFile(
                    source.file,
                    "is no file that Tandem reads. Download the files of Get Information about "
                    "Schools or of the Organisation Data Service, and bring them in as they are",
                    row=1,
                )
            if len(found) > 1:
                other = found[Publisher.GIAS if Publisher.ODS in found else Publisher.ODS]
                raise BadFile(
                    path,
                    f"and {other.name} are of different registers. Bring in the files of one at a "
                    "time",
                )
    return next(iter(found))
