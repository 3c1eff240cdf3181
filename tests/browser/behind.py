"""Looking behind the pages as superuser: what is really stored, in every table and session."""

from __future__ import annotations

from typing import Any

import psycopg
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache

Superuser = psycopg.Connection[Any]

READABLE = "('text', 'character varying', 'jsonb', 'json', 'ARRAY')"


def rows_in(superuser: Superuser, table: str, where: str = "true") -> int:
    """How many rows a table really has."""
    statement = f'SELECT count(*) FROM "{table}" WHERE {where}'
    row = superuser.execute(statement.encode()).fetchone()
    assert row is not None
    return int(row[0])


def places_holding(superuser: Superuser, digits: str) -> list[str]:
    """Every column, session and cache entry with these digits, however they are spaced."""
    columns = superuser.execute(
        "SELECT c.table_name, c.column_name FROM information_schema.columns c "
        "JOIN information_schema.tables t USING (table_schema, table_name) "
        "WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' "
        f"AND c.data_type IN {READABLE}".encode()
    ).fetchall()
    assert len(columns) > 100, "all of the database is looked through"
    found = [
        f"{table}.{column}"
        for table, column in columns
        if rows_in(
            superuser,
            table,
            rf"""regexp_replace("{column}"::text, '[\s.-]', '', 'g') LIKE '%{digits}%'""",
        )
    ]
    sessions = superuser.execute("SELECT session_data FROM django_session").fetchall()
    if any(digits in _plain(SessionStore().decode(data)) for (data,) in sessions):
        found.append("a session")
    if any(digits in _plain(value) for value in _cached()):
        found.append("the cache")
    return found


def end_sessions(superuser: Superuser) -> None:
    """Let every session have ended, as after a night; the browsers do not know it yet."""
    superuser.execute("DELETE FROM django_session")
    cache.clear()


def _cached() -> list[Any]:
    client: Any = cache._cache.get_client()  # type: ignore[attr-defined]
    return [client.get(key) for key in client.scan_iter() if client.type(key) == b"string"]


def _plain(value: Any) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return "".join(text.split())
