"""SQL that reads nothing, and functions that look further: neither gets anybody anywhere.

An UPDATE without WHERE is judged by the policies for changing alone. What keeps it from what its
writer cannot see are triggers; these tests try as an honest scope would, by plain SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.record.models import Member
from tests.cast import Cast
from tests.photographs import Photographs
from tests.tenancy.world import World, arrange, grant


@pytest.fixture
def world(cast: Cast, photographs: Photographs) -> World:
    return photographs.show(arrange, cast)


def run(by: Actor, *statements: str, args: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Carry statements out in one transaction; the rows of the last."""
    with acting(by.scope), transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, args)
        return cursor.fetchall() if cursor.description else []


def record_the_council(world: World) -> Member:
    with acting(world.cast.school_editor.scope), transaction.atomic():
        return Member.objects.create(
            partnership_id=world.partnership.pk,
            organisation=world.cast.organisation("council"),
            side="health",
        )


def state_of(superuser: psycopg.Connection[Any], member: Member) -> str:
    row = superuser.execute("SELECT state FROM record_member WHERE id = %s", [member.pk]).fetchone()
    assert row is not None
    return str(row[0])


def test_nobody_invites_themselves(superuser: psycopg.Connection[Any], world: World) -> None:
    """Being invited is what accepting asks for: so it must be out of the invited's own hands."""
    council = record_the_council(world)

    with pytest.raises(DatabaseError, match="opened the partnership invites"):
        run(
            world.cast.council_editor,
            "UPDATE record_member SET state = 'invited'",
            "UPDATE record_member SET state = 'accepted'",
        )

    assert state_of(superuser, council) == "recorded"


@pytest.mark.parametrize("state", ["recorded", "invited"])
def test_the_owner_turns_no_member_out(
    superuser: psycopg.Connection[Any], world: World, state: str
) -> None:
    with pytest.raises(DatabaseError, match="leaves by itself"):
        run(
            world.cast.school_manager,
            f"UPDATE record_member SET state = '{state}', answered_at = NULL,"
            f" answered_by_id = NULL WHERE id = {world.health_member.pk}",
        )

    assert state_of(superuser, world.health_member) == "accepted"


@pytest.mark.parametrize(
    "change", ["email = 'elsewhere@health.example'", "sending = 9", "expires_at = expires_at + '1'"]
)
def test_the_invited_rewrites_no_invitation(world: World, change: str) -> None:
    with pytest.raises(DatabaseError, match="its sender's"):
        run(world.cast.health_manager, f"UPDATE record_invitation SET {change}")


def test_the_sender_answers_no_invitation(world: World) -> None:
    with pytest.raises(DatabaseError, match="its sender's"):
        run(world.cast.school_manager, "UPDATE record_invitation SET used_at = now()")


def test_a_member_cancels_no_touchpoint_of_anothers(world: World) -> None:
    with pytest.raises(DatabaseError, match="cancels it"):
        run(
            world.cast.health_manager,
            "UPDATE touchpoints_touchpoint SET state = 'cancelled', outcome_at = now(),"
            " outcome_by_id = tandem.person(), outcome_organisation_id = tandem.organisation()",
        )


FORGED = (
    "INSERT INTO organisations_auditevent (at, user_id, organisation_id, action, object_table,"
    " object_id, changes, request_id, acl) VALUES (now(), tandem.person(), tandem.organisation(),"
    " 'forged', %s, %s, '{}', '', '{}') RETURNING acl, partnership_id"
)


@pytest.mark.parametrize("table", ["record_partnership", "conversations_conversation"])
def test_an_event_about_what_its_writer_cannot_see_is_theirs_alone(
    world: World, table: str
) -> None:
    """It would otherwise stand in others' trails, and tell who sees the record."""
    about = world.partnership if table == "record_partnership" else world.shared
    stranger = world.cast.stranger

    ((acl, partnership),) = run(stranger, FORGED, args=[table, about.pk])

    assert (acl, partnership) == ([stranger.organisation_id], None)


def test_an_event_about_a_shared_record_is_its_members(world: World) -> None:
    school, health = world.cast.school_editor, world.cast.health_editor

    ((acl, partnership),) = run(health, FORGED, args=["record_partnership", world.partnership.pk])

    assert set(acl) == {school.organisation_id, health.organisation_id}
    assert partnership == world.partnership.pk


@pytest.mark.parametrize(
    "change", ["name = 'Another'", "password = 'x'", "is_demo = true", "is_active = false"]
)
@pytest.mark.parametrize("part", ["school_manager", "nobody", "operator"])
def test_nobody_changes_another_account(world: World, part: str, change: str) -> None:
    theirs = world.cast.users["health_manager"].pk

    with pytest.raises(DatabaseError, match="their own account"):
        run(
            world.cast.actors[part],
            f"UPDATE organisations_user SET {change} WHERE id = {theirs}",
        )


@pytest.mark.parametrize("change", ["is_demo = true", "is_active = false"])
def test_nobody_exempts_or_closes_their_own_account(world: World, change: str) -> None:
    with pytest.raises(DatabaseError, match="their own account"):
        run(
            world.cast.school_manager,
            f"UPDATE organisations_user SET {change} WHERE id = tandem.person()",
        )


def test_one_changes_ones_own_name(world: World) -> None:
    changed = "UPDATE organisations_user SET name = 'Other' WHERE id = tandem.person() RETURNING id"

    assert run(world.cast.nobody, changed) == [(world.cast.nobody.user_id,)]


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM tandem.acting_for({them}, '{slug}')",
        "SELECT * FROM tandem.ways_to_partnership({them}, '{partnership}')",
        "SELECT * FROM tandem.ways_to_touchpoint({them}, '{touchpoint}')",
    ],
)
def test_look_ups_answer_about_oneself(world: World, question: str) -> None:
    owner = world.cast.school_manager
    asked = question.format(
        them=owner.user_id,
        slug=world.cast.organisation("school").slug,
        partnership=world.partnership.ref,
        touchpoint=world.touchpoint.ref,
    )

    assert run(world.cast.stranger, asked) == []
    assert len(run(owner, asked)) == 1


def test_an_operator_is_given_no_record(world: World) -> None:
    with pytest.raises(DatabaseError, match="row-level security"):
        grant(world, "operator")


def test_a_grant_opens_nothing_to_who_became_an_operator(
    superuser: psycopg.Connection[Any], world: World
) -> None:
    grant(world, "nobody")
    seen = "SELECT count(*) FROM record_partnership"
    before = run(world.cast.nobody, seen)
    superuser.execute(
        "UPDATE organisations_user SET is_operator = true WHERE id = %s",
        [world.cast.nobody.user_id],
    )

    assert before == [(1,)]
    assert run(world.cast.nobody, seen) == [(0,)]


def test_a_grant_opens_nothing_once_its_giver_has_left(
    superuser: psycopg.Connection[Any], world: World
) -> None:
    grant(world, "nobody")
    superuser.execute(
        "UPDATE organisations_organisation SET joined_at = NULL, left_at = now() WHERE id = %s",
        [world.cast.organisation("school").pk],
    )

    assert run(world.cast.nobody, "SELECT count(*) FROM record_partnership") == [(0,)]
    assert run(world.cast.health_editor, "SELECT count(*) FROM record_partnership") == [(1,)]
