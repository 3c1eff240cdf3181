"""Writes what was read of England: copied into temporary tables, merged from there.

Rows are told apart by official codes, never by position. A row is written only where
something differs, so that loading the same files again writes nothing. What people decide
is left alone: whether an organisation has joined, and a school's trust that a published
report names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from contacts.imports import merging, slugs
from contacts.imports.rows import England
from organisations.models import Kind

if TYPE_CHECKING:
    from contacts.imports.england import Progress

ALIAS = "owner"
# One load at a time; a second one waits and then finds the work done.
LOCK = 7_411_001
TEMPORARY = re.compile(r"CREATE TEMP TABLE (\w+)")


def loaded_digest(name: str) -> str | None:
    """What was loaded last under this name."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT digest FROM contacts_dataset WHERE name = %s", [name])
        row = cursor.fetchone()
    return row[0] if row else None


def write(england: England, name: str, digest: str, report: Progress) -> Mapping[str, int]:
    """Merge everything in one transaction; returns how many rows of each table were written."""
    written: dict[str, int] = {}
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        stage(cursor, england)
        cursor.execute(merging.KNOWN_BETTER)
        for number, step in enumerate(merging.STEPS):
            report(f"Writing {step.what}", number, len(merging.STEPS))
            cursor.execute(step.sql)
            written[step.what] = written.get(step.what, 0) + max(cursor.rowcount, 0)
        cursor.execute(merging.STAMP, [name, digest, len(england)])
        if any(written.values()):
            cursor.execute(merging.TIDY)
    return written


def stage(cursor: CursorWrapper, england: England) -> None:
    """Copy what was read into temporary tables that end with the transaction."""
    make(cursor, merging.STAGING)
    cursor.execute("SELECT kind, code, slug FROM organisations_organisation")
    taken = {(kind, code): slug for kind, code, slug in cursor.fetchall()}
    named = slugs.assign((((row.kind, row.code), row.name) for row in england.organisations), taken)
    areas = name_regions(cursor, england)
    copy(
        cursor,
        "incoming_organisation",
        ((*astuple(row), named[row.kind, row.code]) for row in england.organisations),
    )
    copy(cursor, "incoming_school", map(astuple, england.schools))
    copy(cursor, "incoming_role_type", map(astuple, england.role_types))
    copy(cursor, "incoming_gateway_type", map(astuple, england.gateway_types))
    copy(cursor, "incoming_need", map(astuple, england.needs))
    copy(cursor, "incoming_announced", england.announced)
    copy(cursor, "incoming_succession", ((Kind.ICB, *row) for row in england.successions))
    copy(cursor, "incoming_board", england.boards_of_trusts)
    copy(
        cursor,
        "incoming_region",
        ((*row, areas["region", row[0]]) for row in england.regions),
    )
    copy(cursor, "incoming_place", england.places)
    copy(cursor, "incoming_place_region", england.place_regions)
    copy(cursor, "incoming_outward_code", england.outward_codes)


def name_regions(cursor: CursorWrapper, england: England) -> dict[slugs.Key, str]:
    """A slug for every region, by its board's code; one that is there keeps its own."""
    cursor.execute(
        "SELECT o.code, r.slug FROM contacts_region r "
        "JOIN organisations_organisation o ON o.id = r.icb_id"
    )
    taken = {("region", code): slug for code, slug in cursor.fetchall()}
    return slugs.assign(((("region", code), name) for code, name, _ in england.regions), taken)


def make(cursor: CursorWrapper, sql: str) -> None:
    """Make temporary tables, anew where this transaction has made them before."""
    names = TEMPORARY.findall(sql)
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{name}' for name in names)}")
    cursor.execute(sql)


def copy(cursor: CursorWrapper, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Copy rows into a table of the same columns in the same order."""
    with cursor.copy(f"COPY {table} FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)
