"""Who may write an action, driven straight at the database as the role that serves pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from organisations.actor import Actor
from organisations.models import Delivery
from organisations.tenancy.scope import Scope, acting
from partnerships.actions.models import Action
from tests.cast import Cast
from tests.photographs import Photographs
from tests.tenancy.world import World, arrange, grant, leave

# The school trust added it; the NHS trust is to do it; the council is a fellow member.
AUTHOR, OWNER, FELLOW, STRANGER = "school_editor", "health_editor", "council_editor", "stranger"
Write = Callable[[World, Actor], int]


@pytest.fixture
def world(cast: Cast, superuser: Any, photographs: Photographs) -> World:
    found = photographs.show(arrange, cast)
    superuser.execute(
        "INSERT INTO record_member (partnership_id, organisation_id, side, state, added_at, "
        "answered_at, answered_by_id, decline_reason, acl) "
        "VALUES (%s, %s, 'health', 'accepted', now(), now(), %s, '', '{}')",
        [found.partnership.pk, cast.organisation("council").pk, cast.users[FELLOW].pk],
    )
    return found


def attempt(scope: Scope, write: Callable[[], int]) -> bool:
    """Whether a write, tried in its own transaction, changed anything."""
    try:
        with acting(scope), transaction.atomic():
            return write() > 0
    except DatabaseError:
        return False


def update(world: World, **values: Any) -> int:
    return Action.objects.filter(pk=world.action.pk).update(**values)


def add(world: World, by: Actor, **values: Any) -> int:
    Action.objects.create(
        **{
            "partnership_id": world.partnership.pk,
            "author_organisation_id": by.organisation_id,
            "author_id": by.user_id,
            "owner_organisation": world.cast.organisation("health"),
            "title": "Another",
            **values,
        }
    )
    return 1


def closing(by: Actor, **more: Any) -> dict[str, Any]:
    return {
        "state": "done",
        "closed_at": timezone.now(),
        "closed_by_id": by.user_id,
        "closed_organisation_id": by.organisation_id,
        **more,
    }


WRITES: dict[str, tuple[Write, set[str]]] = {
    "add": (add, {AUTHOR, OWNER, FELLOW}),
    "add in another's name": (
        lambda w, by: add(w, by, author_organisation_id=w.cast.organisation("school").pk),
        {AUTHOR},
    ),
    "add as another person": (
        lambda w, by: add(w, by, author_id=w.cast.users["school_manager"].pk),
        set(),
    ),
    "add as somebody with a link": (
        lambda w, by: add(w, by, author_posting_id=w.posting.pk),
        set(),
    ),
    "close as somebody with a link": (
        lambda w, by: update(w, **closing(by, closed_posting_id=w.posting.pk)),
        set(),
    ),
    "add what is done already": (lambda w, by: add(w, by, **closing(by)), set()),
    "add for who is not in the partnership": (
        lambda w, by: add(w, by, owner_organisation=w.cast.organisation("icb")),
        set(),
    ),
    "add for a person who works elsewhere": (
        lambda w, by: add(
            w, by, owner_organisation=w.cast.organisation("school"), owner_posting_id=w.posting.pk
        ),
        set(),
    ),
    "add for a colleague of others": (
        lambda w, by: add(w, by, owner_user_id=w.cast.users["health_editor"].pk),
        {OWNER},
    ),
    "retitle": (lambda w, by: update(w, title="Changed"), {AUTHOR, OWNER}),
    "put off": (lambda w, by: update(w, due_on="2030-01-01"), {AUTHOR, OWNER}),
    "pass on": (
        lambda w, by: update(
            w, owner_organisation_id=w.cast.organisation("school").pk, owner_posting_id=None
        ),
        {AUTHOR, OWNER},
    ),
    "pass on to a stranger": (
        lambda w, by: update(
            w, owner_organisation_id=w.cast.organisation("other").pk, owner_posting_id=None
        ),
        set(),
    ),
    "close": (lambda w, by: update(w, **closing(by)), {AUTHOR, OWNER}),
    "close in another's name": (
        lambda w, by: update(
            w, **closing(by, closed_organisation_id=w.cast.organisation("council").pk)
        ),
        set(),
    ),
    "close as another person": (
        lambda w, by: update(w, **closing(by, closed_by_id=w.cast.users["school_manager"].pk)),
        set(),
    ),
    "close as by a link": (
        lambda w, by: update(w, **closing(by, closed_by_id=None, closed_posting_id=w.posting.pk)),
        set(),
    ),
    "take its e-mails back": (
        lambda w, by: Delivery.objects.filter(subject=w.action.ref).update(state="cancelled"),
        {AUTHOR, OWNER, FELLOW},
    ),
    "say that its e-mail was sent": (
        lambda w, by: Delivery.objects.filter(subject=w.action.ref).update(state="sent"),
        set(),
    ),
    "remove": (lambda w, by: Action.objects.filter(pk=w.action.pk).delete()[0], set()),
}


@pytest.mark.parametrize("part", [AUTHOR, OWNER, FELLOW, STRANGER, "nobody"])
@pytest.mark.parametrize("name", WRITES)
def test_who_may_write(world: World, name: str, part: str) -> None:
    write, allowed = WRITES[name]
    by = world.cast.actors[part]

    assert attempt(by.scope, lambda: write(world, by)) is (part in allowed)


@pytest.mark.parametrize(
    "column", ["acl", "ref", "partnership_id", "author_organisation_id", "author_id", "origin"]
)
def test_what_an_action_belongs_to_cannot_be_changed(world: World, column: str) -> None:
    value = {"acl": "'{1}'", "ref": "'x'", "origin": "'x'"}.get(column, "1")

    def change() -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE actions_action SET {column} = {value}")
            return cursor.rowcount

    assert attempt(world.cast.school_manager.scope, change) is False


def test_what_is_closed_stays_until_it_is_opened_again(world: World) -> None:
    by = world.cast.school_editor
    assert attempt(by.scope, lambda: update(world, **closing(by)))
    late = attempt(by.scope, lambda: update(world, closing_note="Rewritten"))
    dropped = attempt(by.scope, lambda: update(world, state="dropped"))
    reopened = attempt(
        by.scope,
        lambda: update(
            world, state="open", closed_at=None, closed_by_id=None, closed_organisation_id=None
        ),
    )

    assert (late, dropped, reopened) == (False, False, True)


def test_who_is_nobody_only_says_that_it_is_done_as_its_owner(world: World) -> None:
    school = Scope(organisation_id=world.cast.organisation("school").pk)
    health = world.cast.organisation("health").pk
    done = {
        "state": "done",
        "closed_at": timezone.now(),
        "closed_posting_id": world.posting.pk,
        "closed_organisation_id": health,
    }
    refused = [
        {"title": "Changed"},
        {**done, "title": "Changed"},
        {**done, "state": "dropped"},
        {**done, "closed_organisation_id": world.cast.organisation("school").pk},
        {**done, "closed_posting_id": None, "closed_by_id": world.cast.users[AUTHOR].pk},
    ]

    assert [attempt(school, lambda v=values: update(world, **v)) for values in refused] == (
        [False] * len(refused)
    )
    assert (
        attempt(
            Scope(organisation_id=world.cast.organisation("other").pk),
            lambda: update(world, **done),
        )
        is False
    )
    assert attempt(school, lambda: update(world, **done)) is True


def test_whoever_left_the_partnership_reads_and_changes_nothing(world: World) -> None:
    by = world.cast.health_editor
    with acting(by.scope), transaction.atomic():
        leave(world.health_member, by=by)

    assert attempt(by.scope, lambda: update(world, title="Changed")) is False
    with acting(by.scope), transaction.atomic():
        assert Action.objects.count() == 0
        assert Delivery.objects.filter(subject=world.action.ref).count() == 0


def test_once_its_author_has_left_tandem_any_member_takes_it_on(
    world: World, superuser: Any
) -> None:
    fellow = world.cast.council_editor
    superuser.execute(
        "UPDATE organisations_organisation SET left_at = now() WHERE id = %s",
        [world.cast.organisation("school").pk],
    )

    assert attempt(fellow.scope, lambda: update(world, title="Changed")) is True
    assert attempt(world.cast.stranger.scope, lambda: update(world, title="Changed")) is False


def test_a_personal_grant_reads_and_never_writes(world: World, superuser: Any) -> None:
    grant(world, "nobody")
    person = Actor(world.cast.users["nobody"].pk)
    with acting(person.scope), transaction.atomic():
        seen = Action.objects.count()
    written = attempt(person.scope, lambda: update(world, title="Changed"))
    superuser.execute("UPDATE record_partnershipgrant SET ends_at = now() - interval '1 minute'")
    with acting(person.scope), transaction.atomic():
        after = Action.objects.count()

    assert (seen, written, after) == (1, False, 0)
