"""Every service puts what it does on record, or does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError
from django.urls import reverse

from organisations.audit_trail.export import export_trail
from organisations.audit_trail.registry import kinds
from organisations.tenancy.scope import acting
from tests.audit.every_service import ROWS, SAID, WITHOUT_EVENT, services
from tests.cast import Cast
from tests.conftest import REFERENCE
from tests.record.arranging import once_in, shared

BREAK = """
CREATE FUNCTION public.broken() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit trail is broken'; END $$;
CREATE TRIGGER aa_broken BEFORE INSERT ON organisations_auditevent
    FOR EACH ROW EXECUTE FUNCTION public.broken();
"""
# The second is what a block that restores the scope meets on its way out.
STOPPED = "audit trail is broken|current transaction is aborted"
Super = psycopg.Connection[Any]


def call(name: str) -> Any:
    return {**services(), "organisations.audit_trail.export.export_trail": export_trail}[name]


def events(superuser: Super) -> int:
    row = superuser.execute("SELECT count(*) FROM organisations_auditevent").fetchone()
    assert row is not None
    return int(row[0])


def everything(superuser: Super) -> dict[str, Any]:
    """Every row of every table that is not reference, digested."""
    names = superuser.execute(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE n.nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition"
    ).fetchall()
    kept = [name for (name,) in names if name not in REFERENCE - {"organisations_organisation"}]
    digest = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{}\" t"
    joined = "SELECT id, joined_at, suspended_at FROM {} WHERE joined_at IS NOT NULL ORDER BY id"
    return {
        name: superuser.execute(
            (joined if name == "organisations_organisation" else digest).format(name)
        ).fetchall()
        for name in kept
    }


def without_words(superuser: Super) -> set[str]:
    """The tables that events are about and that the trail has no plain words for."""
    rows = superuser.execute(
        "SELECT DISTINCT object_table FROM organisations_auditevent WHERE object_table <> ''"
    ).fetchall()
    return {table for (table,) in rows} - set(kinds())


class Breaker:
    """Breaks the audit trail inside a block."""

    def __init__(self, superuser: Super) -> None:
        self.superuser = superuser

    def __enter__(self) -> None:
        self.superuser.execute(BREAK)

    def __exit__(self, *_: object) -> None:
        self.superuser.execute("DROP FUNCTION IF EXISTS public.broken() CASCADE")


@pytest.fixture
def broken(superuser: Super) -> Iterator[Breaker]:
    breaker = Breaker(superuser)
    yield breaker
    breaker.__exit__()


def test_every_service_has_a_row() -> None:
    assert set(services()) ^ (set(ROWS) | set(WITHOUT_EVENT)) == {
        "organisations.audit_trail.export.export_trail"
    }


@pytest.mark.parametrize("name", ROWS)
def test_a_service_leaves_an_event_and_without_one_nothing(
    name: str, cast: Cast, superuser: Super, broken: Breaker
) -> None:
    by, given = ROWS[name](cast)
    before, count = everything(superuser), events(superuser)
    with broken, acting(by.scope), pytest.raises(DatabaseError, match=STOPPED):
        call(name)(by=by, **deepcopy(given))
    assert everything(superuser) == before

    with acting(by.scope):
        call(name)(by=by, **given)
    assert events(superuser) > count
    assert without_words(superuser) == set()


def test_over_http_nothing_is_saved_either(cast: Cast, superuser: Super, broken: Breaker) -> None:
    partnership = shared(cast)
    client = cast.client("school_editor")
    client.raise_request_exception = False
    url = reverse("log-conversation", args=[cast.organisation("school").slug, partnership.ref])
    once = once_in(client.get(url).text)
    before = everything(superuser)
    day = {"held_on_day": "2", "held_on_month": "3", "held_on_year": "2026"}
    typed = {"once": once, "kind": "call", "summary": SAID["summary"], "audience": "shared", **day}
    with broken:
        response = client.post(url, typed)

    assert response.status_code == 500
    assert everything(superuser) == before


def test_a_look_that_cannot_be_recorded_shows_nothing(cast: Cast, broken: Breaker) -> None:
    partnership = shared(cast)
    client = cast.client("health_editor")
    client.raise_request_exception = False
    url = reverse("partnership", args=[cast.organisation("health").slug, partnership.ref])
    with broken:
        response = client.get(url)

    assert response.status_code == 500
    assert partnership.name not in response.text


def test_a_refusal_is_kept_although_its_request_is_undone(cast: Cast, superuser: Super) -> None:
    partnership = shared(cast)
    slug = cast.organisation("school").slug
    refused = cast.client("school_viewer").post(
        reverse("log-conversation", args=[slug, partnership.ref]), {}
    )
    hidden = cast.client("stranger").get(reverse("home", args=[slug]))
    rows = superuser.execute(
        "SELECT user_id, action FROM organisations_auditevent "
        "WHERE action LIKE 'refused: %' ORDER BY id"
    ).fetchall()

    assert (refused.status_code, hidden.status_code) == (403, 404)
    assert rows == [
        (cast.school_viewer.user_id, "refused: You may not log a conversation."),
        (cast.stranger.user_id, "refused: acting for an organisation"),
    ]
