"""Who reads which event, by raw SQL as the role that serves pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from organisations import audit
from organisations.actor import Actor
from organisations.models import JoiningRequest, Organisation
from organisations.services import ask_to_join, decide_joining
from organisations.tenancy.scope import acting
from partnerships.conversations.models import Conversation
from partnerships.conversations.services import change_conversation, log_conversation
from partnerships.record.models import Member
from tests.cast import Cast
from tests.photographs import Photographs
from tests.record.arranging import acting_as, answered, invited, named, opened, shared
from tests.tenancy.world import World, arrange, grant, leave

READ = "SELECT action, changes::text FROM organisations_auditevent ORDER BY at, id"


def reads(actor: Actor) -> list[tuple[str, str]]:
    with acting(actor.scope), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(READ)
        return [(row[0], row[1]) for row in cursor.fetchall()]


def actions(actor: Actor) -> list[str]:
    return [action for action, _ in reads(actor)]


@pytest.fixture
def world(cast: Cast, photographs: Photographs) -> World:
    return photographs.show(arrange, cast)


def test_an_event_carries_the_shared_record_it_belongs_to(world: World, superuser: Any) -> None:
    with acting_as(world.cast.school_editor) as by:
        for obj in (world.partnership, world.shared, world.touchpoint, world.health_member):
            audit.record("thing seen", by=by, obj=obj)
        audit.record("page seen", by=by)
    rows = superuser.execute(
        "SELECT action, partnership_id FROM organisations_auditevent "
        "WHERE action IN ('thing seen', 'page seen') ORDER BY id"
    ).fetchall()

    assert rows == [("thing seen", world.partnership.pk)] * 4 + [("page seen", None)]


def test_an_organisation_that_has_left_reads_no_more_than_its_own_acts(world: World) -> None:
    with acting_as(world.cast.school_editor) as by:
        audit.record("conversation changed", by=by, obj=world.shared)
        audit.record("touchpoint changed", by=by, obj=world.touchpoint)
        audit.record("posting corrected", by=by, obj=world.posting)
    with acting_as(world.cast.health_editor) as by:
        audit.record("touchpoint seen", by=by, obj=world.touchpoint)
    before = set(actions(world.cast.health_manager))
    with acting_as(world.cast.health_editor) as by:
        leave(world.health_member, by=by)
        audit.record("organisation left", by=by, obj=world.health_member)

    assert before == {
        "conversation changed",
        "touchpoint changed",
        "posting corrected",
        "touchpoint seen",
    }
    assert set(actions(world.cast.health_manager)) == {"touchpoint seen", "organisation left"}
    assert "touchpoint changed" in actions(world.cast.school_manager)


def test_a_grant_that_has_run_out_opens_no_event(world: World, superuser: Any) -> None:
    """Nor one that was ended; whoever gets a new one reads on from what they could see then."""
    grant(world, "nobody")
    with acting_as(world.cast.school_editor) as by:
        for obj in (
            world.partnership,
            world.health_member,
            world.shared,
            world.touchpoint,
            world.posting,
        ):
            audit.record(f"{obj._meta.model_name} changed", by=by, obj=obj)
        audit.record("conversation logged", by=by, obj=world.school_note)
    with acting_as(world.cast.nobody) as by:
        audit.record("partnership seen", by=by, obj=world.partnership)
    before = set(actions(world.cast.nobody))
    superuser.execute("UPDATE record_partnershipgrant SET ends_at = now() - interval '1 second'")

    assert before == {
        "partnership changed",
        "member changed",
        "conversation changed",
        "touchpoint changed",
        "posting changed",
        "partnership seen",
    }
    assert actions(world.cast.nobody) == []
    superuser.execute("DELETE FROM record_partnershipgrant")
    assert actions(world.cast.nobody) == []
    assert "partnership seen" in actions(world.cast.school_manager)


def test_what_was_internal_then_is_never_told_later(cast: Cast) -> None:
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        conversation = log_conversation(
            by=by,
            partnership=partnership,
            kind="call",
            held_on=date(2026, 3, 2),
            summary="Between ourselves",
            internal=True,
        )
    given = {"held_on": date(2026, 3, 3), "summary": "For both sides"}
    with acting_as(cast.school_editor) as by:
        change_conversation(
            by=by, conversation=conversation, kind="email", internal=True, based_on=None, **given
        )
        saved = Conversation.objects.get(pk=conversation.pk)
    unseen = reads(cast.health_manager)
    with acting_as(cast.school_editor) as by:
        change_conversation(
            by=by,
            conversation=conversation,
            kind="visit",
            internal=False,
            based_on=saved.changed_at,
            **given,
        )
    told = [row for row in reads(cast.health_manager) if row not in unseen]

    assert not any("conversation" in action for action, _ in unseen)
    assert told == [("conversation changed", '{"internal": ["True", "False"]}')]
    assert len([a for a in actions(cast.school_manager) if "conversation" in a]) == 3


def test_a_member_that_joins_later_does_not_read_what_was_before(cast: Cast) -> None:
    partnership = opened(cast)
    named(cast, partnership)
    invitation = invited(cast, partnership)
    before = actions(cast.health_manager)
    answered(cast, invitation)

    assert before == ["organisation invited"]
    assert set(actions(cast.health_manager)) >= {"organisation invited", "invitation accepted"}
    assert "contact named" not in actions(cast.health_manager)


def test_an_operators_decision_is_read_by_the_organisation_it_is_about(cast: Cast) -> None:
    organisation: Organisation = cast.organisation("council")
    with acting_as(cast.operator) as by:
        audit.record("organisation suspended", by=by, obj=organisation)
    with acting_as(cast.nobody) as by:
        ask_to_join(by=by, organisation=organisation, job_title="Lead", evidence="Ask the office")
    with acting_as(cast.operator) as by:
        request = JoiningRequest.objects.get()
        decide_joining(request=request, by=by, approve=True, note="Rang the office", role="editor")

    assert {
        "organisation suspended",
        "joining approved",
        "person admitted to an organisation",
    } <= set(actions(cast.council_editor))
    assert {"organisation suspended", "joining approved"} <= set(actions(cast.operator))
    assert actions(cast.stranger) == []


def test_what_people_do_with_their_account_is_read_where_they_belong(cast: Cast) -> None:
    person = Actor(cast.school_editor.user_id)
    with acting_as(person) as by:
        audit.record("signed in", by=by, obj=cast.users["school_editor"])
    with acting_as(cast.operator) as by:
        audit.record("signed in", by=by, obj=cast.users["operator"])

    assert actions(cast.school_manager) == ["signed in"]
    assert actions(cast.health_manager) == []
    assert actions(cast.operator) == ["signed in"]


@pytest.mark.parametrize("column", ["acl", "partnership_id"])
def test_nobody_says_by_themselves_who_reads_an_event(
    world: World, superuser: Any, column: str
) -> None:
    value = {"acl": f"ARRAY[{world.cast.organisation('other').pk}]", "partnership_id": "1"}[column]
    extra = "" if column == "acl" else ", acl"
    more = "" if column == "acl" else ", '{}'"
    actor = world.cast.school_editor
    with acting_as(actor), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organisations_auditevent (at, user_id, organisation_id, action, "
            f"object_table, object_id, changes, request_id, {column}{extra}) VALUES (now(), %s, "
            f"%s, 'forged', 'conversations_conversation', %s, '{{}}', '', {value}{more})",
            [actor.user_id, actor.organisation_id, world.school_note.pk],
        )
    row = superuser.execute(
        "SELECT acl, partnership_id FROM organisations_auditevent WHERE action = 'forged'"
    ).fetchone()

    assert row == ([actor.organisation_id], world.partnership.pk)
    assert actions(world.cast.stranger) == []


def test_the_invited_and_the_inviting_keep_the_events_of_an_invitation(cast: Cast) -> None:
    invitation = invited(cast, opened(cast))
    answered(cast, invitation, accept=False)

    assert set(actions(cast.health_manager)) == {"organisation invited", "invitation declined"}
    assert Member.objects.count() == 0
