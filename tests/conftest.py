"""Fixtures: a clean database in committed transactions, the cast, and acting as someone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

from bench.notify_server import NotifyServer
from organisations.actor import Actor
from organisations.outbox.carrier import NOTIFY_BACKEND
from organisations.tenancy.scope import acting
from tests.cast import Cast, assemble
from tests.photographs import Photographs

# What a test leaves alone: England, the framework's tables, and Django's own registers.
REFERENCE = {
    "contacts_dataset",
    "contacts_gateway",
    "contacts_gatewaytype",
    "contacts_need",
    "contacts_outwardcode",
    "contacts_place",
    "contacts_placeregion",
    "contacts_region",
    "contacts_roletype",
    "organisations_announcedchange",
    "organisations_organisation",
    "organisations_school",
    "organisations_succession",
    "auth_permission",
    "django_content_type",
    "django_migrations",
}

# Organisations that are not as England's data has them, and how they become so again.
TAKING_PART = "joined_at IS NOT NULL OR suspended_at IS NOT NULL OR left_at IS NOT NULL"
NOT_TAKING_PART = (
    "UPDATE organisations_organisation SET joined_at = NULL, suspended_at = NULL, left_at = NULL "
    f"WHERE {TAKING_PART}"
)
# An organisation whose records followed in a test has not ended in England's data.
OPEN_AGAIN = (
    "UPDATE organisations_organisation SET closed_on = NULL WHERE id IN "
    "(SELECT predecessor_id FROM organisations_reorganisation WHERE state = 'applied')"
)
# Announced changes that people decided about, and how they become undecided again.
DECIDED = "recorded_by_id IS NOT NULL OR decided_by_id IS NOT NULL OR state <> 'announced'"
ANNOUNCED_AS_LOADED = (
    "UPDATE organisations_announcedchange SET decided_by_id = NULL, decided_at = NULL, note = '', "
    f"state = 'announced' WHERE {DECIDED}"
)


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database is there already: a clone of the migrated template."""


@pytest.fixture(scope="session")
def superuser(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection that sees and may do everything, to arrange and to look behind the scenes."""
    with psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def emptied(superuser: psycopg.Connection[Any]) -> list[str]:
    """Every table that a test may fill."""
    rows = superuser.execute(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE n.nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition"
    ).fetchall()
    return [name for (name,) in rows if name not in REFERENCE]


@pytest.fixture(scope="session")
def caretaker(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection that puts rows away and back, and does nothing else."""
    with psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"], autocommit=True) as connection:
        # As a replica: no trigger runs and no foreign key is asked, so the order does not matter.
        connection.execute("SET session_replication_role = replica")
        # Few of England's many organisations ever take part: they are found without a search.
        connection.execute(
            "CREATE INDEX IF NOT EXISTS taking_part_in_a_test "
            f"ON organisations_organisation (id) WHERE {TAKING_PART}".encode()
        )
        yield connection


@pytest.fixture(scope="session")
def to_leave_as_found(caretaker: psycopg.Connection[Any], emptied: list[str]) -> str:
    """What the caretaker calls to leave the database as it was; quicker than TRUNCATE on few rows.

    A function, so that its many statements are planned once for the whole session.
    """
    statements = [
        OPEN_AGAIN,
        *(f'DELETE FROM "{name}"' for name in emptied),
        *_gateways_as_loaded(caretaker),
        NOT_TAKING_PART,
        "DELETE FROM organisations_succession WHERE recorded_by_id IS NOT NULL",
        "DELETE FROM organisations_announcedchange WHERE recorded_by_id IS NOT NULL",
        ANNOUNCED_AS_LOADED,
    ]
    caretaker.execute(
        "CREATE FUNCTION pg_temp.leave_as_found() RETURNS void LANGUAGE plpgsql AS "
        f"$$ BEGIN {'; '.join(statements)}; END $$".encode()
    )
    return "SELECT pg_temp.leave_as_found()"


@pytest.fixture(scope="session")
def photographs(caretaker: psycopg.Connection[Any], emptied: list[str]) -> Photographs:
    """What many tests arrange alike, arranged once: see `tests.photographs`."""
    gateways = "id IN (SELECT id FROM (TABLE contacts_gateway EXCEPT TABLE as_loaded) changed)"
    changed = {
        "organisations_organisation": TAKING_PART,
        "contacts_gateway": gateways,
        "organisations_succession": "recorded_by_id IS NOT NULL",
        "organisations_announcedchange": DECIDED,
    }
    return Photographs(caretaker, emptied, changed)


def _gateways_as_loaded(caretaker: psycopg.Connection[Any]) -> list[str]:
    """Statements that leave the gateways as England's data has them, whatever a test described."""
    caretaker.execute(
        "DROP TABLE IF EXISTS as_loaded; CREATE TEMP TABLE as_loaded AS TABLE contacts_gateway"
    )
    rows = caretaker.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'public.contacts_gateway'::regclass "
        "AND attnum > 0 AND NOT attisdropped AND attname <> 'id'"
    ).fetchall()
    mine = ", ".join(f'"{name}"' for (name,) in rows)
    loaded = ", ".join(f'a."{name}"' for (name,) in rows)
    back = (
        f"UPDATE contacts_gateway g SET ({mine}) = ROW({loaded}) FROM as_loaded a "
        "WHERE a.id = g.id AND (g.described_at, g.ended_on, g.checked_at, g.name, g.host_id) "
        "IS DISTINCT FROM (a.described_at, a.ended_on, a.checked_at, a.name, a.host_id)"
    )
    return ["DELETE FROM contacts_gateway WHERE id NOT IN (SELECT id FROM as_loaded)", back]


@pytest.fixture
def db(
    django_db_blocker: Any, caretaker: psycopg.Connection[Any], to_leave_as_found: str
) -> Iterator[None]:
    """The database, as the roles that serve: what a test commits is really there, until its end."""
    with django_db_blocker.unblock():
        yield
        for connection in connections.all():
            if not _is_at_rest(connection):
                connection.close()
    caretaker.execute(to_leave_as_found)
    cache.clear()


def _is_at_rest(connection: BaseDatabaseWrapper) -> bool:
    """Whether a connection can serve the next test too, which then need not plan all anew."""
    raw = connection.connection
    return raw is None or (
        not connection.in_atomic_block
        and not raw.closed
        and raw.info.transaction_status == TransactionStatus.IDLE
    )


@pytest.fixture
def transactional_db(db: None) -> None:
    """Every test is transactional here."""


@pytest.fixture
def cast(db: None, photographs: Photographs) -> Iterator[Cast]:
    """The people and organisations of the tests."""
    yield photographs.show(assemble)
    photographs.put_away()


@pytest.fixture
def as_actor(db: None) -> Callable[[Actor], AbstractContextManager[Actor]]:
    """`with as_actor(cast.school_editor) as by:` a committed transaction in their scope."""

    @contextmanager
    def enter(actor: Actor) -> Iterator[Actor]:
        with acting(actor.scope), transaction.atomic():
            yield actor

    return enter


@pytest.fixture
def notify(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[NotifyServer]:
    """A server that behaves like GOV.UK Notify, to which this process's e-mail goes."""
    from organisations.outbox.notify import carrier as notify_carrier

    monkeypatch.setattr(notify_carrier, "pause", notify_carrier.Pause())
    with NotifyServer() as server:
        for name, value in server.environment().items():
            setattr(settings, name, value)
        settings.EMAIL_BACKEND = NOTIFY_BACKEND
        yield server
