"""The audit trail's monthly partitions."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
from django.core.management import call_command

from organisations import audit
from organisations.management.commands.make_audit_partitions import TABLE, month_after
from organisations.models import AuditEvent
from tests.cast import Cast


def partitions(superuser: psycopg.Connection[Any]) -> dict[str, tuple[bool, bool]]:
    """Each partition, with whether row security is on and forced."""
    rows = superuser.execute(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_inherits i "
        "JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = %s::regclass",
        [TABLE],
    ).fetchall()
    return {name: (on, forced) for name, on, forced in rows}


def test_months_are_counted_across_years() -> None:
    assert month_after(date(2026, 11, 22), 0) == date(2026, 11, 1)
    assert month_after(date(2026, 11, 22), 2) == date(2027, 1, 1)


def test_partitions_are_made_ahead_once_and_guarded(
    db: None, superuser: psycopg.Connection[Any]
) -> None:
    call_command("make_audit_partitions", verbosity=0)
    first = partitions(superuser)
    call_command("make_audit_partitions", verbosity=0)

    assert len(first) >= 13
    assert partitions(superuser) == first
    assert set(first.values()) == {(True, True)}


def test_events_already_in_the_default_partition_stay_readable(
    cast: Cast, as_actor: Any, superuser: psycopg.Connection[Any]
) -> None:
    for name in partitions(superuser):
        if not name.endswith("_default"):
            superuser.execute(f'DROP TABLE "{name}"')
    with as_actor(cast.school_editor) as by:
        audit.record("page seen", by=by)

    call_command("make_audit_partitions", verbosity=0)

    with as_actor(cast.school_editor):
        assert AuditEvent.objects.filter(action="page seen").count() == 1
