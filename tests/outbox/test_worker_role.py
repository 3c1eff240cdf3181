"""What the role that sends may do with the database: this table, and little of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.outbox.conftest import Ask


@pytest.fixture
def worker(ask: Ask) -> Iterator[psycopg.Connection[Any]]:
    """A bare connection as the worker, with one row to do something to."""
    ask("a@health.example")
    with psycopg.connect(os.environ["WORKER_DATABASE_URL"], autocommit=True) as connection:
        yield connection


def test_it_reads_no_table_but_the_outbox(
    worker: psycopg.Connection[Any], superuser: psycopg.Connection[Any]
) -> None:
    readable = []
    tables = superuser.execute(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
        "WHERE schemaname IN ('public', 'tandem')"
    ).fetchall()
    for (table,) in tables:
        try:
            worker.execute(f"TABLE {table} LIMIT 1".encode())
        except psycopg.errors.InsufficientPrivilege:
            continue
        readable.append(table)

    assert readable == ["public.organisations_delivery"]
    assert len(tables) > 20


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organisations_delivery SET recipient = 'b@elsewhere.example'",
        "UPDATE organisations_delivery SET organisation_id = 1",
        "UPDATE organisations_delivery SET kind = 'other', subject = 'other'",
        "DELETE FROM organisations_delivery",
        "INSERT INTO organisations_delivery (kind, subject, recipient) VALUES ('a', 'b', 'c')",
        "TRUNCATE organisations_delivery",
        "SET ROLE tandem_web",
        "SET ROLE tandem_owner",
    ],
)
def test_it_cannot_redirect_or_remove_an_email(
    worker: psycopg.Connection[Any], statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        worker.execute(statement.encode())
