"""A large export: made by the worker, fetched by whoever asked, gone after a week."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from ops.leash import wait_until
from organisations.actor import Actor
from organisations.exporting import making, services
from organisations.models import Membership, RecordsExport
from organisations.people.services import change_role
from tests.cast import Cast
from tests.organisations.onlooker import Superuser, link_in, mailed_to, on_record
from tests.organisations.test_joining import once_in
from tests.tenancy.world import World, arrange

Enter = Callable[[Actor], AbstractContextManager[Actor]]
MAKER = """
import django
django.setup()
from organisations.exporting import making
making.make_all()
"""


@pytest.fixture
def world(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(services, "MOST_AT_ONCE", 3)
    return arrange(cast)


def page_for(cast: Cast, name: str = "take-records", **kwargs: str) -> str:
    slug = cast.organisation("school").slug
    return reverse(name, kwargs={"organisation_slug": slug, **kwargs})


def asked(cast: Cast, as_actor: Enter, part: str = "school_manager") -> RecordsExport:
    with as_actor(cast.actors[part]) as by:
        return services.ask_for_export(by=by)


def states(superuser: Superuser) -> list[tuple[Any, ...]]:
    return superuser.execute(
        "SELECT state, content IS NOT NULL FROM organisations_recordsexport ORDER BY id"
    ).fetchall()


def test_a_large_export_is_made_later_and_fetched_by_link(
    cast: Cast, world: World, superuser: Superuser
) -> None:
    client = cast.client("school_manager")
    once = {"once": once_in(client.get(page_for(cast)).text)}

    answer = client.post(page_for(cast), once)
    waiting = client.get(answer["Location"])
    repeated = client.post(page_for(cast), once)

    assert answer.status_code == repeated.status_code == 302
    assert repeated["Location"] == answer["Location"]
    assert "being put together" in waiting.text
    assert f'href="{answer["Location"]}">Check again' in waiting.text
    assert making.make_all() == 1
    (message,) = [m for m in mailed_to("school-manager@tandem.example") if "ready" in m.subject]
    assert world.partnership.name not in str(message.body)
    ready = client.get(link_in(message, "/records/"))
    assert "Your records are ready" in ready.text
    export = RecordsExport.objects.model(ref=answer["Location"].rstrip("/").split("/")[-1])
    file = client.get(page_for(cast, "download-export", ref=export.ref))
    archive = zipfile.ZipFile(io.BytesIO(file.content))
    assert "Both sides" in archive.read("conversations.json").decode()
    assert "Health side only" not in archive.read("conversations.json").decode()
    assert [a for a in on_record(superuser) if "export" in a] == [
        "records export asked for",
        "records export made",
        "records export downloaded",
    ]


def test_a_small_one_is_handed_over_at_once(
    cast: Cast, world: World, monkeypatch: pytest.MonkeyPatch, superuser: Superuser
) -> None:
    monkeypatch.setattr(services, "MOST_AT_ONCE", 2_000)
    client = cast.client("school_manager")

    response = client.post(page_for(cast), {"once": once_in(client.get(page_for(cast)).text)})

    assert response["Content-Type"] == "application/zip"
    assert states(superuser) == []


def test_nobody_but_the_asker_sees_it(cast: Cast, world: World, as_actor: Enter) -> None:
    with as_actor(cast.school_manager) as by:
        colleague = Membership.objects.get(user_id=cast.school_editor.user_id)
        change_role(by=by, membership=colleague, role="manager")
    export = asked(cast, as_actor)
    making.make_all()
    for name in ("records-export", "download-export"):
        url = page_for(cast, name, ref=export.ref)
        assert cast.client("school_editor").get(url).status_code == 404
        assert cast.client("school_viewer").get(url).status_code == 403
        assert cast.client("health_manager").get(url).status_code == 404
        elsewhere = reverse(name, args=[cast.organisation("health").slug, export.ref])
        assert cast.client("health_manager").get(elsewhere).status_code == 404
    for part in ("school_editor", "school_viewer", "health_manager", "operator"):
        with as_actor(cast.actors[part]):
            assert not RecordsExport.objects.exists(), part


def test_whoever_is_no_manager_any_more_fetches_nothing(
    cast: Cast, world: World, as_actor: Enter, superuser: Superuser
) -> None:
    export = asked(cast, as_actor)
    making.make_all()
    behind_the_triggers(
        superuser,
        "UPDATE organisations_membership SET role = 'editor' WHERE user_id = %s",
        cast.school_manager.user_id,
    )

    with as_actor(cast.school_manager):
        assert not RecordsExport.objects.exists()
    url = page_for(cast, "download-export", ref=export.ref)
    assert cast.client("school_manager").get(url).status_code == 403


@pytest.mark.parametrize(
    "undone",
    [
        "UPDATE organisations_membership SET ended_at = now() WHERE user_id = %s",
        "UPDATE organisations_membership SET role = 'viewer' WHERE user_id = %s",
        "UPDATE organisations_user SET is_active = false WHERE id = %s",
    ],
)
def test_it_is_not_made_for_somebody_who_has_gone(
    cast: Cast, world: World, as_actor: Enter, superuser: Superuser, undone: str
) -> None:
    asked(cast, as_actor)
    behind_the_triggers(superuser, undone, cast.school_manager.user_id)

    assert making.make_all() == 0
    assert states(superuser) == [("failed", False)]


def test_it_is_removed_after_its_time(
    cast: Cast, world: World, as_actor: Enter, superuser: Superuser
) -> None:
    export = asked(cast, as_actor)
    making.make_all()
    assert making.remove_old() == 0
    superuser.execute("UPDATE organisations_recordsexport SET expires_at = now()")
    client = cast.client("school_manager")
    late = client.get(page_for(cast, "download-export", ref=export.ref))

    assert late["Location"] == page_for(cast, "records-export", ref=export.ref)
    assert making.remove_old() == 1
    assert states(superuser) == [("expired", False)]
    assert "has been removed" in client.get(late["Location"]).text


def test_one_that_fails_is_tried_three_times_and_says_so(
    cast: Cast,
    world: World,
    as_actor: Enter,
    superuser: Superuser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    export = asked(cast, as_actor)
    tried = []

    def broken(file: Any, *, by: Actor) -> dict[str, int]:
        tried.append(by.organisation_id)
        raise OSError("the disk is full")

    monkeypatch.setattr(services.archive, "write", broken)
    for _ in range(5):
        assert making.make_all() == 0

    assert len(tried) == 3
    assert states(superuser) == [("failed", False)]
    page = cast.client("school_manager").get(page_for(cast, "records-export", ref=export.ref))
    assert "could not be put together" in page.text
    assert "records export made" not in on_record(superuser)


def test_asking_twice_makes_one(
    cast: Cast, world: World, as_actor: Enter, superuser: Superuser
) -> None:
    first, second = asked(cast, as_actor), asked(cast, as_actor)

    assert first.pk == second.pk
    assert making.make_all() == 1
    assert making.make_all() == 0
    assert asked(cast, as_actor).pk != first.pk


def test_only_managers_ask(cast: Cast, world: World, as_actor: Enter) -> None:
    for part in ("school_editor", "school_viewer"):
        with as_actor(cast.actors[part]) as by, pytest.raises(PermissionDenied):
            services.ask_for_export(by=by)


def test_a_worker_killed_in_the_middle_leads_to_one_export(
    cast: Cast, world: World, as_actor: Enter, superuser: Superuser
) -> None:
    """It is held up while it reads, killed, and another one begins again."""
    asked(cast, as_actor)
    with psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"]) as holder:
        holder.execute("LOCK TABLE touchpoints_touchpoint IN ACCESS EXCLUSIVE MODE")
        command = [sys.executable, "-c", MAKER]
        with subprocess.Popen(command, env=os.environ) as victim:
            assert wait_until(lambda: waits_for_a_lock(superuser), seconds=60)
            assert making.make_all() == 0, "nobody makes it a second time meanwhile"
            victim.send_signal(signal.SIGKILL)
            victim.wait()
        holder.rollback()
    assert states(superuser) == [("asked", False)]
    assert wait_until(lambda: not still_there(superuser), seconds=60)

    assert making.make_all() == 1

    assert states(superuser) == [("ready", True)]
    assert on_record(superuser).count("records export made") == 1
    told = [m for m in mailed_to("school-manager@tandem.example") if "ready" in m.subject]
    assert len(told) == 1


def behind_the_triggers(superuser: Superuser, statement: str, user_id: int) -> None:
    """Change what a trigger would keep: the last manager stays."""
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(statement.encode(), [user_id])
    superuser.execute("SET session_replication_role = origin")


def waits_for_a_lock(superuser: Superuser) -> bool:
    return still_there(superuser, "AND wait_event_type = 'Lock'")


def still_there(superuser: Superuser, more: str = "") -> bool:
    row = superuser.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'tandem_web' "
        f"AND state <> 'idle' AND datname = current_database() {more}".encode()
    ).fetchone()
    assert row is not None
    return bool(row[0])


def test_the_worker_reads_no_file(
    cast: Cast, world: World, as_actor: Enter, superuser: Superuser
) -> None:
    asked(cast, as_actor)
    making.make_all()
    with (
        psycopg.connect(os.environ["WORKER_DATABASE_URL"], autocommit=True) as worker,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        worker.execute("SELECT content FROM organisations_recordsexport")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as web:
        for work in ("next_export('{}')", "give_up_export(1)", "remove_exports()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(f"SELECT tandem.{work}".encode())


def test_a_file_is_not_replaced_through_sql(cast: Cast, world: World, as_actor: Enter) -> None:
    asked(cast, as_actor)
    making.make_all()
    with as_actor(cast.school_manager):
        assert RecordsExport.objects.update(content=b"other") == 0


def test_one_is_taken_at_a_time_however_the_database_plans_it(
    cast: Cast, world: World, as_actor: Enter, superuser: Superuser
) -> None:
    asked(cast, as_actor)
    # The statistics of a table of one row: the choice is then joined row by row.
    superuser.execute("ANALYZE organisations_recordsexport")
    for part in ("health_manager", "stranger"):
        asked(cast, as_actor, part)
    with psycopg.connect(os.environ["WORKER_DATABASE_URL"], autocommit=True) as worker:
        taken = worker.execute("SELECT export_id FROM tandem.next_export('{}')").fetchall()

    assert len(taken) == 1
    counted = superuser.execute("SELECT sum(attempts) FROM organisations_recordsexport").fetchone()
    assert counted == (1,)
