"""Two people at once: each waits for the other, and both get done."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import connection

from calendars.london import today
from partnerships.conversations import services as conversations
from partnerships.conversations.models import Conversation
from partnerships.conversations.services import log_conversation
from partnerships.record import services
from partnerships.record.models import Member, MemberState, NamedContact, Partnership
from partnerships.record.services.members import locked_member
from tests.cast import Cast
from tests.record.arranging import DETAILS, acting_as, answered, invited, member, named, opened

PATIENCE = 20  # seconds; PostgreSQL notices a deadlock after one


class Beside:
    """Work in a thread with a connection of its own."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.failures: list[BaseException] = []
        self.thread = Thread(target=self._run, args=[work])
        self.thread.start()

    def _run(self, work: Callable[[], Any]) -> None:
        try:
            work()
        except BaseException as failure:
            self.failures.append(failure)
        finally:
            connection.close()

    def wait_until_blocked(self, superuser: psycopg.Connection) -> None:
        """Return once it waits for a lock, or has ended."""
        until = time.monotonic() + PATIENCE
        while self.thread.is_alive() and time.monotonic() < until:
            waiting = superuser.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
            if waiting and waiting[0]:
                return

    def ends_well(self) -> None:
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()
        assert self.failures == []

    def ends_badly(self) -> list[BaseException]:
        """What it failed of, once it has ended."""
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()
        return self.failures


@pytest.fixture
def partnership(cast: Cast) -> Partnership:
    """With the NHS trust and the council recorded."""
    found = opened(cast)
    with acting_as(cast.school_editor) as by:
        services.add_partner(by=by, partnership=found, partner=cast.organisation("council"))
    return found


def test_naming_a_contact_while_another_organisation_accepts(
    cast: Cast, partnership: Partnership, superuser: psycopg.Connection
) -> None:
    invitation = invited(cast, partnership)
    council = cast.organisation("council")

    with acting_as(cast.school_editor) as by:
        locked_member(partnership, council)
        accepting = Beside(lambda: answered(cast, invitation))
        accepting.wait_until_blocked(superuser)
        services.name_contact(
            by=by, partnership=partnership, organisation=council, function="named", **DETAILS
        )
    accepting.ends_well()

    with acting_as(cast.health_editor):
        assert NamedContact.objects.get().organisation_id == council.pk, "the new member sees it"


def test_inviting_two_organisations_at_once(
    cast: Cast, partnership: Partnership, superuser: psycopg.Connection
) -> None:
    health = cast.organisation("health")

    with acting_as(cast.school_editor) as by:
        locked_member(partnership, health)
        other = Beside(lambda: invited(cast, partnership, "council"))
        other.wait_until_blocked(superuser)
        services.invite_partner(
            by=by, partnership=partnership, organisation=health, email="door@health.example"
        )
    other.ends_well()

    assert member(cast, partnership, "health").state == MemberState.INVITED
    assert member(cast, partnership, "council").state == MemberState.INVITED


def test_withdrawing_an_invitation_while_it_is_accepted(
    cast: Cast, partnership: Partnership, superuser: psycopg.Connection
) -> None:
    invitation = invited(cast, partnership)

    with acting_as(cast.school_editor) as by:
        locked_member(partnership, cast.organisation("health"))
        accepting = Beside(lambda: answered(cast, invitation))
        accepting.wait_until_blocked(superuser)
        services.revoke_invitation(by=by, invitation=invitation)
    accepting.thread.join(PATIENCE)

    assert [str(failure) for failure in accepting.failures] == [
        "['This invitation has been withdrawn.']"
    ]
    assert member(cast, partnership, "health").state == MemberState.RECORDED


def test_two_people_name_the_deputy_at_once(
    cast: Cast, partnership: Partnership, superuser: psycopg.Connection
) -> None:
    health = cast.organisation("health")
    with acting_as(cast.school_editor) as by:
        locked_member(partnership, health)
        other = Beside(
            lambda: named(
                cast, partnership, function="deputy", name="Second", email="2@health.example"
            )
        )
        other.wait_until_blocked(superuser)
        services.name_contact(
            by=by, partnership=partnership, organisation=health, function="deputy", **DETAILS
        )
    other.ends_well()

    with acting_as(cast.school_editor):
        live = NamedContact.objects.filter(ended_at=None).select_related("posting__person")
        assert [each.posting.person.name for each in live] == ["Second"]
        assert NamedContact.objects.count() == 2


def test_changing_a_conversation_while_a_partner_accepts(
    cast: Cast,
    partnership: Partnership,
    superuser: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    invitation = invited(cast, partnership)
    said = {"kind": "call", "held_on": today(), "summary": "For both"}
    with acting_as(cast.school_editor) as by:
        logged = log_conversation(by=by, partnership=partnership, internal=False, **said)
    beside: list[Beside] = []
    check = conversations._checked

    def meanwhile(**given: Any) -> str:
        """The partner accepts between the conversation's being held and its being changed."""
        beside.append(Beside(lambda: answered(cast, invitation)))
        beside[0].wait_until_blocked(superuser)
        return check(**given)

    monkeypatch.setattr(conversations, "_checked", meanwhile)
    with acting_as(cast.school_editor) as by:
        conversations.change_conversation(
            by=by, conversation=logged, internal=False, based_on=None, **{**said, "kind": "visit"}
        )
    beside[0].ends_well()

    with acting_as(cast.health_editor):
        assert Conversation.objects.get().kind == "visit"


@pytest.mark.parametrize("part", ["stranger", "council_editor"])
def test_a_partnership_is_not_held_by_who_has_no_part_in_it(
    cast: Cast, partnership: Partnership, superuser: psycopg.Connection, part: str
) -> None:
    with acting_as(cast.actors[part]), connection.cursor() as cursor:
        cursor.execute("SELECT tandem.hold_partnership(%s)", [partnership.pk])
        free = superuser.execute(
            "SELECT count(*) FROM (SELECT 1 FROM record_partnership FOR UPDATE SKIP LOCKED) free"
        ).fetchone()

    assert free == (1,)
    with acting_as(cast.actors[part]):
        assert not Member.objects.exists()
