"""Nobody changes what has been written: as web, worker and owner, table and partition."""

from __future__ import annotations

import os
from typing import Any

import psycopg
import pytest
from django.core.management import call_command

from organisations import audit
from tests.cast import Cast
from tests.record.arranging import acting_as

PARTITION = "organisations_auditevent_default"
STATEMENTS = (
    "UPDATE {} SET action = 'nothing'",
    "UPDATE {} SET action = 'nothing' WHERE false",
    "DELETE FROM {}",
    "TRUNCATE {}",
    "INSERT INTO {0} SELECT * FROM {0} ON CONFLICT (id, at) DO UPDATE SET action = 'nothing'",
    "MERGE INTO {0} a USING (SELECT 1 AS id) b ON a.id = b.id WHEN MATCHED THEN DELETE",
)


@pytest.mark.parametrize("role", ["DATABASE_URL", "WORKER_DATABASE_URL", "OWNER_DATABASE_URL"])
@pytest.mark.parametrize("table", ["organisations_auditevent", PARTITION])
def test_no_role_changes_an_event(
    cast: Cast, superuser: psycopg.Connection[Any], role: str, table: str
) -> None:
    with acting_as(cast.school_editor) as by:
        audit.record("page seen", by=by)
    scope = cast.school_editor.scope.set_config_sql().replace("true)", "false)")
    with psycopg.connect(os.environ[role], autocommit=True) as connection:
        connection.execute(scope)
        for statement in STATEMENTS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.format(table))

    row = superuser.execute(
        "SELECT count(*) FROM organisations_auditevent WHERE action='page seen'"
    )
    assert row.fetchone() == (1,)


def test_each_partition_is_stopped_by_itself(db: None, superuser: psycopg.Connection[Any]) -> None:
    call_command("make_audit_partitions", verbosity=0)
    unguarded = superuser.execute(
        "SELECT i.inhrelid::regclass::text FROM pg_inherits i "
        "WHERE i.inhparent = 'organisations_auditevent'::regclass AND NOT EXISTS "
        "(SELECT 1 FROM pg_trigger t WHERE t.tgrelid = i.inhrelid AND t.tgname = 'append_only')"
    ).fetchall()
    assert unguarded == []
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        made = owner.execute(
            "SELECT max(inhrelid::regclass::text) FROM pg_inherits "
            "WHERE inhparent = 'organisations_auditevent'::regclass "
            f"AND inhrelid <> '{PARTITION}'::regclass"
        ).fetchone()
        assert made is not None
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(f'TRUNCATE "{made[0]}"')


def test_a_superuser_can_put_right_what_must_be(
    cast: Cast, superuser: psycopg.Connection[Any]
) -> None:
    with acting_as(cast.school_editor) as by:
        audit.record("page seen", by=by)

    assert superuser.execute("DELETE FROM organisations_auditevent").rowcount >= 1
