"""Everything an organisation sees, in one ZIP file: JSON and CSV of every section.

The format is documented in docs/joining.md. Rows come through the organisation's own scope, so
nothing is in the file that its people could not read on a page.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.audit_trail.selectors import ours
from organisations.joining.registry import Section, add_section, sections
from organisations.models import AuditEvent, Membership
from organisations.permissions import Permission

FORMAT = 1
# A spreadsheet would take a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@transaction.atomic
def export(*, by: Actor) -> tuple[str, bytes]:
    """The file's name and content; taking it is put on record."""
    permissions.require(by, Permission.EXPORT_RECORDS)
    assert by.organisation is not None
    now = timezone.now()
    counts: dict[str, int] = {}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for section in sections():
            rows = [[_plain(cell) for cell in row] for row in section.rows(by)]
            counts[section.name] = len(rows)
            archive.writestr(f"{section.name}.json", _as_json(section, rows))
            archive.writestr(f"{section.name}.csv", _as_csv(section, rows))
        archive.writestr("README.txt", _about(by, now, counts))
    audit.record("records exported", by=by, changes={"rows": counts})
    return f"tandem-{by.organisation.slug}-{now:%Y-%m-%d}.zip", content.getvalue()


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return timezone.localtime(cell).isoformat(timespec="seconds")
    if cell is None or isinstance(cell, bool | int | dict):
        return cell
    return str(cell)


def _as_json(section: Section, rows: list[list[Any]]) -> str:
    records = [dict(zip(section.columns, row, strict=True)) for row in rows]
    return json.dumps(records, ensure_ascii=False, indent=1)


def _as_csv(section: Section, rows: list[list[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(section.columns)
    writer.writerows([[_as_cell(cell) for cell in row] for row in rows])
    # With the mark by which a spreadsheet knows UTF-8.
    return "\ufeff" + text.getvalue()


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
    return [(e.ref, e.user.name, e.user.email, e.role, e.began_at, e.ended_at) for e in rows]


def _events(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = AuditEvent.objects.filter(
        acl__overlap=[by.organisation_id], organisation_id=by.organisation_id
    ).order_by("at", "pk")
    return [
        (e.at, e.user_id, e.action, e.object_table, e.object_id, e.changes)
        for e in rows.iterator(chunk_size=2000)
    ]


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
