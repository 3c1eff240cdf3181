"""Keys stay right when a membership changes while something is being written."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from organisations.models import Organisation
from organisations.tenancy.scope import acting
from partnerships.conversations.models import Conversation
from tests.cast import Cast
from tests.photographs import Photographs
from tests.tenancy.world import World, arrange, leave, note


@pytest.fixture
def world(cast: Cast, photographs: Photographs) -> World:
    return photographs.show(arrange, cast)


def run_beside(work: Callable[[], None]) -> tuple[threading.Thread, list[BaseException]]:
    """Start `work` in a thread with a connection of its own."""
    failures: list[BaseException] = []

    def target() -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    thread = threading.Thread(target=target)
    thread.start()
    return thread, failures


def wait_until_blocked(superuser: object, thread: threading.Thread) -> None:
    """Return once some session of ours waits for a lock, or the thread has ended."""
    while thread.is_alive():
        row = superuser.execute(  # type: ignore[attr-defined]
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone()
        if row[0]:
            return


def keys_of(summary: str, world: World) -> set[int]:
    with acting(world.cast.school_editor.scope), transaction.atomic():
        return set(Conversation.objects.get(summary=summary).acl)


def test_a_note_written_before_a_member_leaves_loses_its_key(
    world: World, superuser: object
) -> None:
    health: Organisation = world.cast.organisation("health")

    def leaves() -> None:
        with acting(world.cast.health_editor.scope), transaction.atomic():
            leave(world.health_member, by=world.cast.health_editor)

    with acting(world.cast.school_editor.scope), transaction.atomic():
        note(world.cast.school_editor, world.partnership, internal=False, summary="Meanwhile")
        thread, failures = run_beside(leaves)
        wait_until_blocked(superuser, thread)
    thread.join(timeout=20)

    assert not failures
    assert not thread.is_alive()
    assert health.pk not in keys_of("Meanwhile", world)


def test_a_note_written_while_a_member_leaves_waits_and_has_no_key_for_it(
    world: World, superuser: object
) -> None:
    health: Organisation = world.cast.organisation("health")

    def writes() -> None:
        with acting(world.cast.school_editor.scope), transaction.atomic():
            note(world.cast.school_editor, world.partnership, internal=False, summary="Late")

    with acting(world.cast.health_editor.scope), transaction.atomic():
        leave(world.health_member, by=world.cast.health_editor)
        thread, failures = run_beside(writes)
        wait_until_blocked(superuser, thread)
    thread.join(timeout=20)

    assert not failures
    assert not thread.is_alive()
    assert health.pk not in keys_of("Late", world)
