"""The who-may-write table, driven straight at the database as the role that serves pages.

Services say the same with better words; this shows that a forgotten check in them, or SQL that
somebody slipped in, changes nothing that is not theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from contacts.models import Person, Posting, WorkDetails
from organisations.actor import Actor
from organisations.models import (
    AuditEvent,
    Delivery,
    JoiningRequest,
    Membership,
    Organisation,
    User,
)
from organisations.tenancy.scope import acting
from partnerships.agenda.models import AgendaItem
from partnerships.conversations.models import Conversation
from partnerships.record.models import (
    Invitation,
    Member,
    NamedContact,
    Partnership,
    PartnershipGrant,
)
from partnerships.touchpoints.models import Touchpoint
from tests.cast import Cast
from tests.photographs import Photographs
from tests.tenancy.world import World, arrange, grant, note, walsall_board

Enter = Callable[[Actor], AbstractContextManager[Actor]]


@pytest.fixture
def world(cast: Cast, photographs: Photographs) -> Iterator[World]:
    return photographs.show(arrange, cast)


def attempt(by: Actor, write: Callable[[Actor], int | None]) -> bool:
    """Whether a write, tried in its own transaction, changed anything."""
    try:
        with acting(by.scope), transaction.atomic():
            changed = write(by)
    except (DatabaseError, ObjectDoesNotExist):
        return False
    return changed is None or changed > 0


def open_for_the_owner(w: World) -> Callable[[Actor], int | None]:
    def write(by: Actor) -> None:
        Partnership.objects.create(
            owner=w.cast.organisation("school"), name="Another", opened_by_id=by.user_id
        )

    return write


def rename(w: World) -> Callable[[Actor], int | None]:
    return lambda by: Partnership.objects.filter(pk=w.partnership.pk).update(name="Renamed")


def add_member(w: World) -> Callable[[Actor], int | None]:
    def write(by: Actor) -> None:
        Member.objects.create(
            partnership_id=w.partnership.pk,
            organisation=w.cast.organisation("council"),
            side="health",
        )

    return write


def make_itself_a_member(w: World) -> Callable[[Actor], int | None]:
    def write(by: Actor) -> None:
        Member.objects.create(
            partnership_id=w.partnership.pk,
            organisation_id=by.organisation_id,
            side="health",
            state="accepted",
        )

    return write


def leave_for_health(w: World) -> Callable[[Actor], int | None]:
    return lambda by: Member.objects.filter(pk=w.health_member.pk).update(
        state="left", answered_at=timezone.now(), answered_by_id=by.user_id
    )


def name_health_deputy(w: World) -> Callable[[Actor], int | None]:
    def write(by: Actor) -> None:
        person = Person.objects.create(name="Team manager", recorded_by_id=by.organisation_id)
        posting = Posting.objects.create(
            person=person,
            organisation=w.cast.organisation("health"),
            job_title="Team manager",
            recorded_by_id=by.organisation_id,
        )
        WorkDetails.objects.create(posting=posting, email="team@health.example")
        NamedContact.objects.create(
            partnership_id=w.partnership.pk,
            organisation=w.cast.organisation("health"),
            posting=posting,
            function="deputy",
            recorded_by_id=by.organisation_id,
        )

    return write


def end_health_contact(w: World) -> Callable[[Actor], int | None]:
    return lambda by: NamedContact.objects.filter(partnership_id=w.partnership.pk).update(
        ended_at=timezone.now()
    )


def correct_posting(w: World) -> Callable[[Actor], int | None]:
    return lambda by: Posting.objects.filter(pk=w.posting.pk).update(job_title="Changed")


def log_shared(w: World) -> Callable[[Actor], int | None]:
    def write(by: Actor) -> None:
        note(by, w.partnership, internal=False, summary="From " + str(by.organisation_id))

    return write


def log_in_anothers_name(w: World) -> Callable[[Actor], int | None]:
    def write(by: Actor) -> None:
        Conversation.objects.create(
            partnership_id=w.partnership.pk,
            author_organisation=w.cast.organisation("school"),
            author_id=by.user_id,
            kind="call",
            held_on=date(2026, 11, 3),
            summary="Forged",
        )

    return write


def change_shared(w: World) -> Callable[[Actor], int | None]:
    return lambda by: Conversation.objects.filter(pk=w.shared.pk).update(summary="Changed")


def move_touchpoint(w: World) -> Callable[[Actor], int | None]:
    return lambda by: Touchpoint.objects.filter(pk=w.touchpoint.pk).update(
        starts_at=timezone.now() + timedelta(days=9)
    )


def record_outcome(w: World) -> Callable[[Actor], int | None]:
    return lambda by: Touchpoint.objects.filter(pk=w.touchpoint.pk).update(
        state="held",
        outcome_at=F("starts_at"),
        outcome_by_id=by.user_id,
        outcome_organisation_id=by.organisation_id,
    )


def plan_item(w: World) -> Callable[[Actor], int | None]:
    def write(by: Actor) -> None:
        AgendaItem.objects.create(
            partnership_id=w.partnership.pk,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            gateway=walsall_board(),
            title="From " + str(by.organisation_id),
        )

    return write


def plan_item_for_another(w: World) -> Callable[[Actor], int | None]:
    def write(by: Actor) -> None:
        AgendaItem.objects.create(
            partnership_id=w.partnership.pk,
            author_organisation=w.cast.organisation("school"),
            author_id=by.user_id,
            gateway=walsall_board(),
            title="Forged",
        )

    return write


def retitle_item(w: World) -> Callable[[Actor], int | None]:
    return lambda by: AgendaItem.objects.filter(pk=w.item.pk).update(title="Changed")


def hear_item(w: World) -> Callable[[Actor], int | None]:
    return lambda by: AgendaItem.objects.filter(pk=w.item.pk).update(
        state="heard",
        heard_on=date(2026, 11, 3),
        heard_by_id=by.user_id,
        heard_organisation_id=by.organisation_id,
    )


def hear_item_in_anothers_name(w: World) -> Callable[[Actor], int | None]:
    return lambda by: AgendaItem.objects.filter(pk=w.item.pk).update(
        state="heard",
        heard_on=date(2026, 11, 3),
        heard_by_id=w.cast.school_manager.user_id,
        heard_organisation_id=w.cast.school_manager.organisation_id,
    )


def withdraw_item(w: World) -> Callable[[Actor], int | None]:
    return lambda by: AgendaItem.objects.filter(pk=w.item.pk).update(
        state="withdrawn",
        withdrawn_on=date(2026, 11, 3),
        withdrawn_by_id=by.user_id,
        withdrawn_organisation_id=by.organisation_id,
    )


def invite_council(w: World) -> Callable[[Actor], int | None]:
    def write(by: Actor) -> None:
        Invitation.objects.create(
            partnership_id=w.partnership.pk,
            partnership_name="Health hub",
            from_organisation_id=by.organisation_id,
            to_organisation=w.cast.organisation("council"),
            email="public-health@council.example",
            invited_by_id=by.user_id,
            expires_at=timezone.now() + timedelta(days=14),
        )

    return write


def grant_to_stranger(w: World) -> Callable[[Actor], int | None]:
    return lambda by: grant_as(w, by)


def grant_as(w: World, by: Actor) -> None:
    from django.contrib.auth.models import Permission as DjangoPermission

    PartnershipGrant.objects.create(
        content_object_id=w.partnership.pk,
        user=w.cast.users["stranger"],
        permission=DjangoPermission.objects.get(codename="view_partnership"),
    )


def withdraw_delivery(w: World) -> Callable[[Actor], int | None]:
    return lambda by: Delivery.objects.filter(subject=w.touchpoint.ref).update(state="cancelled")


def mark_delivery_sent(w: World) -> Callable[[Actor], int | None]:
    return lambda by: Delivery.objects.filter(subject=w.touchpoint.ref).update(state="sent")


Write = Callable[[World], Callable[[Actor], "int | None"]]
OWNER, MEMBER, STRANGER = "school_editor", "health_editor", "stranger"
TABLE: list[tuple[Write, dict[str, bool]]] = [
    (open_for_the_owner, {OWNER: True, MEMBER: False, STRANGER: False}),
    (rename, {OWNER: True, MEMBER: False, STRANGER: False}),
    (add_member, {OWNER: True, MEMBER: False, STRANGER: False}),
    (make_itself_a_member, {STRANGER: False, "council_editor": False}),
    (leave_for_health, {OWNER: False, MEMBER: True, STRANGER: False}),
    (name_health_deputy, {OWNER: False, MEMBER: True, STRANGER: False}),
    (end_health_contact, {OWNER: False, MEMBER: True, STRANGER: False}),
    (correct_posting, {OWNER: True, MEMBER: False, STRANGER: False}),
    (log_shared, {OWNER: True, MEMBER: True, STRANGER: False, "nobody": False}),
    (log_in_anothers_name, {OWNER: True, MEMBER: False, STRANGER: False}),
    (change_shared, {OWNER: True, MEMBER: False, STRANGER: False}),
    (move_touchpoint, {OWNER: True, MEMBER: False, STRANGER: False}),
    (record_outcome, {OWNER: True, MEMBER: True, STRANGER: False, "nobody": False}),
    (plan_item, {OWNER: True, MEMBER: True, STRANGER: False, "nobody": False}),
    (plan_item_for_another, {OWNER: True, MEMBER: False, STRANGER: False}),
    (retitle_item, {OWNER: True, MEMBER: False, STRANGER: False, "nobody": False}),
    (hear_item, {OWNER: True, MEMBER: True, STRANGER: False, "nobody": False}),
    (hear_item_in_anothers_name, {OWNER: False, MEMBER: False, STRANGER: False}),
    (withdraw_item, {OWNER: True, MEMBER: False, STRANGER: False}),
    (invite_council, {OWNER: True, MEMBER: False, STRANGER: False}),
    (
        grant_to_stranger,
        {
            "school_manager": True,
            OWNER: False,
            "school_viewer": False,
            MEMBER: False,
            "health_manager": False,
            STRANGER: False,
        },
    ),
    (withdraw_delivery, {OWNER: True, MEMBER: True, STRANGER: False}),
    (mark_delivery_sent, {OWNER: False, MEMBER: False, STRANGER: False}),
]
CASES = [
    pytest.param(write, part, allowed, id=f"{write.__name__}-{part}")
    for write, parts in TABLE
    for part, allowed in parts.items()
]


@pytest.mark.parametrize(("write", "part", "allowed"), CASES)
def test_who_may_write(world: World, write: Write, part: str, allowed: bool) -> None:
    assert attempt(world.cast.actors[part], write(world)) is allowed


def test_only_a_manager_of_the_owner_inserts_a_grant_by_sql(world: World) -> None:
    """Whatever organisation the scope names, the database asks who manages it."""
    health, school = world.cast.health_manager, world.cast.school_manager
    forged = replace(health, organisation=school.organisation)
    insert = (
        "INSERT INTO record_partnershipgrant "
        "(content_object_id, user_id, permission_id, given_by_id, given_at, reason) "
        "SELECT %s, %s, p.id, %s, now(), 'x' FROM auth_permission p "
        "WHERE p.codename = 'view_partnership'"
    )

    def write(by: Actor) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                insert, [world.partnership.pk, world.cast.users["nobody"].pk, by.user_id]
            )
            return cursor.rowcount

    by = {part: world.cast.actors[part] for part in ("school_editor", "health_manager")}
    assert not any(attempt(each, write) for each in (*by.values(), forged))
    assert attempt(school, write)


@pytest.mark.parametrize("state", ["recorded", "declined", "left"])
def test_nobody_becomes_a_member_unasked(world: World, state: str) -> None:
    """Not even by SQL that reads nothing, which only the policies for changing judge."""
    with acting(world.cast.school_editor.scope), transaction.atomic():
        council = Member.objects.create(
            partnership_id=world.partnership.pk,
            organisation=world.cast.organisation("council"),
            side="health",
        )
    bring_to(council, state, world)

    def join(by: Actor) -> int:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE record_member SET state = 'accepted'")
            return cursor.rowcount

    assert attempt(world.cast.council_editor, join) is False


def bring_to(member: Member, state: str, world: World) -> None:
    """Let the council be invited, answer and leave, as far as `state`."""
    way = {"recorded": [], "declined": ["declined"], "left": ["accepted", "left"]}[state]
    if way:
        with acting(world.cast.school_editor.scope), transaction.atomic():
            Member.objects.filter(pk=member.pk).update(state="invited")
    for step in way:
        with acting(world.cast.council_editor.scope), transaction.atomic():
            assert Member.objects.filter(pk=member.pk).update(state=step) == 1


def test_a_person_with_a_grant_reads_and_writes_nothing(world: World) -> None:
    grant(world, "nobody")
    by = world.cast.nobody

    changed = [
        write.__name__
        for write in (log_shared, record_outcome, rename, add_member, end_health_contact)
        if attempt(by, write(world))
    ]

    assert changed == []


@pytest.mark.parametrize(
    "model",
    [
        Partnership,
        Member,
        NamedContact,
        Invitation,
        Posting,
        Person,
        Conversation,
        Touchpoint,
        Delivery,
        AuditEvent,
        Membership,
        JoiningRequest,
        Organisation,
        User,
    ],
    ids=lambda m: m.__name__,
)
def test_nothing_is_removed_by_the_role_that_serves_pages(world: World, model: type) -> None:
    def remove(by: Actor) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
            return cursor.rowcount

    assert attempt(world.cast.school_manager, remove) is False


def test_a_forged_acl_is_overwritten(world: World) -> None:
    stranger = world.cast.organisation("other").pk
    with acting(world.cast.school_editor.scope), transaction.atomic():
        forged = Conversation.objects.create(
            partnership=world.partnership,
            author_organisation_id=world.cast.school_editor.organisation_id,
            author_id=world.cast.school_editor.user_id,
            kind="call",
            held_on=date(2026, 11, 3),
            summary="With a forged key",
            acl=[stranger],
        )
        forged.refresh_from_db()

    assert stranger not in forged.acl
    assert world.cast.organisation("health").pk in forged.acl


@pytest.mark.parametrize("column", ["acl", "author_organisation_id", "partnership_id", "ref"])
def test_what_a_row_belongs_to_cannot_be_changed(world: World, column: str) -> None:
    value = {"acl": "'{1}'", "ref": "'x'"}.get(column, "1")

    def change(by: Actor) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE conversations_conversation SET {column} = {value}")
            return cursor.rowcount

    assert attempt(world.cast.school_manager, change) is False


def test_nobody_becomes_an_operator_through_the_role_that_serves_pages(world: World) -> None:
    user = world.cast.users["stranger"]

    promoted = attempt(
        world.cast.stranger, lambda by: User.objects.filter(pk=user.pk).update(is_operator=True)
    )
    created = attempt(
        world.cast.stranger,
        lambda by: User.objects.create(email="new@tandem.example", is_operator=True) and None,
    )

    assert (promoted, created) == (False, False)


def test_nobody_but_an_operator_admits_anyone(world: World) -> None:
    def admit(by: Actor) -> None:
        Membership.objects.create(
            organisation=world.cast.organisation("health"),
            user=world.cast.users["stranger"],
            role="manager",
        )

    outcome = {
        part: attempt(world.cast.actors[part], admit)
        for part in ("stranger", "school_manager", "health_manager", "nobody", "operator")
    }

    assert outcome == {
        "stranger": False,
        "school_manager": False,
        "health_manager": False,
        "nobody": False,
        "operator": True,
    }


def test_the_audit_trail_is_append_only_and_in_ones_own_name(world: World) -> None:
    other = world.cast.organisation("other").pk

    def forge(by: Actor) -> None:
        AuditEvent.objects.create(action="forged", organisation_id=other, user_id=by.user_id)

    def rewrite(by: Actor) -> int:
        return AuditEvent.objects.all().update(action="rewritten")

    def append(by: Actor) -> None:
        AuditEvent.objects.create(
            action="done", organisation_id=by.organisation_id, user_id=by.user_id
        )

    by = world.cast.school_manager
    assert [attempt(by, forge), attempt(by, append), attempt(by, rewrite)] == [False, True, False]
