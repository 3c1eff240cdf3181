"""Many rows in one statement, as the role that serves pages: its row security decides each.

The texts have been looked at already: every cell of a sheet passes the guard-rail as it is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

AT_ONCE = 2_000
Records = Sequence[dict[str, Any]]


def insert(table: str, columns: dict[str, str], records: Records) -> None:
    """Insert records into a table; `columns` says which, and their types in SQL."""
    names, typed = ", ".join(columns), ", ".join(f"{n} {t}" for n, t in columns.items())
    _each(
        f"INSERT INTO {table} ({names}) SELECT {names} "  # noqa: S608  names are ours
        f"FROM jsonb_to_recordset(%s::jsonb) AS v({typed})",
        records,
    )


def update(table: str, key: str, columns: dict[str, str], records: Records) -> int:
    """Set columns of the rows that records name by `key`; says how many there were."""
    typed = ", ".join(f"{n} {t}" for n, t in {key: "bigint", **columns}.items())
    values = ", ".join(f"{name} = v.{name}" for name in columns)
    return _each(
        f"UPDATE {table} t SET {values} FROM jsonb_to_recordset(%s::jsonb) AS v({typed}) "  # noqa: S608
        f"WHERE t.{key} = v.{key}",
        records,
    )


def _each(statement: str, records: Records) -> int:
    touched = 0
    with connection.cursor() as cursor:
        for some in _parts(records):
            cursor.execute(statement, [json.dumps(some)])
            touched += cursor.rowcount
    return touched


def _parts(records: Records) -> Iterator[Records]:
    for start in range(0, len(records), AT_ONCE):
        yield records[start : start + AT_ONCE]
