"""Everything an organisation sees, in one ZIP file: JSON and CSV of every section.

Row after row goes into the file, so that a large organisation needs no more memory than a small
one, but for the packed file itself.

The format is documented in docs/joining.md. Rows come through the organisation's own scope, so
nothing is in the file that its people could not read on a page.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Iterable
from datetime import datetime
from itertools import chain, islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.utils import timezone

from organisations.actor import ActingOrganisation, Actor
from organisations.audit_trail.selectors import ours
from organisations.joining.registry import CHUNK, Section, add_section, sections
from organisations.models import AuditEvent, Membership

FORMAT = 1
# A spreadsheet would take a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


# What is kept in memory of the file for spreadsheets while the other is written.
IN_MEMORY = 1_000_000


def is_longer_than(rows: int, *, by: Actor) -> bool:
    """Whether an export holds more rows than that; reads no more of them than it needs."""
    every = chain.from_iterable(section.rows(by) for section in sections())
    return next(islice(every, rows, None), None) is not None


def write(file: IO[bytes], *, by: Actor) -> dict[str, int]:
    """Write the ZIP; says how many rows of each section there are."""
    now = timezone.now()
    counts: dict[str, int] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for section in sections():
            counts[section.name] = _write_section(archive, section, by)
        archive.writestr("README.txt", _about(by, now, counts))
    return counts


def file_name(organisation: ActingOrganisation, day: datetime) -> str:
    """`tandem-<organisation>-2026-11-22.zip`."""
    return f"tandem-{organisation.slug}-{timezone.localtime(day):%Y-%m-%d}.zip"


def _write_section(archive: zipfile.ZipFile, section: Section, by: Actor) -> int:
    """Both files of a section, in one reading of its rows."""
    count = 0
    with SpooledTemporaryFile(IN_MEMORY) as kept:
        # With the mark by which a spreadsheet knows UTF-8.
        text = io.TextIOWrapper(kept, "utf-8-sig", newline="", write_through=True)
        cells = csv.writer(text)
        cells.writerow(section.columns)
        with archive.open(f"{section.name}.json", "w") as out:
            out.write(b"[")
            for row in section.rows(by):
                plain = [_plain(cell) for cell in row]
                record = dict(zip(section.columns, plain, strict=True))
                out.write(b",\n" if count else b"\n")
                out.write(json.dumps(record, ensure_ascii=False).encode())
                cells.writerow([_as_cell(cell) for cell in plain])
                count += 1
            out.write(b"\n]\n")
        text.flush()
        kept.seek(0)
        with archive.open(f"{section.name}.csv", "w") as out:
            shutil.copyfileobj(kept, out)
        text.detach()
    return count


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return timezone.localtime(cell).isoformat(timespec="seconds")
    if cell is None or isinstance(cell, bool | int | dict):
        return cell
    return str(cell)


def _as_cell(cell: Any) -> str:
    """Text that no spreadsheet takes for a formula."""
    if cell is None:
        return ""
    text = json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict) else str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text


def _about(by: Actor, now: datetime, counts: dict[str, int]) -> str:
    assert by.organisation is not None
    lines = [
        f"Everything that {by.organisation.name} sees in Tandem, {_plain(now)}",
        f"Format {FORMAT}. Each file is there as JSON and as CSV (UTF-8). Times are London's.",
        "In CSV, text that begins with = + - @ has a ' before it.",
        "",
    ]
    lines += [f"{each.name}: {counts[each.name]} rows. {each.about}" for each in sections()]
    return "\n".join(lines) + "\n"


def _people(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = (
        Membership.objects.filter(organisation_id=ours(by))
        .select_related("user")
        .order_by("began_at", "pk")
    )
    return (
        (e.ref, e.user.name, e.user.email, e.role, e.began_at, e.ended_at)
        for e in rows.iterator(chunk_size=CHUNK)
    )


def _events(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = AuditEvent.objects.filter(
        acl__overlap=[by.organisation_id], organisation_id=by.organisation_id
    ).order_by("at", "pk")
    return (
        (e.at, e.user_id, e.action, e.object_table, e.object_id, e.changes)
        for e in rows.iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make this floor's sections part of every export."""
    add_section(
        Section(
            "people",
            ("ref", "name", "email", "role", "began_at", "ended_at"),
            _people,
            "Who belongs, and belonged, to the organisation.",
            order=10,
        )
    )
    add_section(
        Section(
            "audit",
            ("at", "person", "action", "object", "object_id", "changes"),
            _events,
            "What its people did, people and objects by number.",
            order=900,
        )
    )
