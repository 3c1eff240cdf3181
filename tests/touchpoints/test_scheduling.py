"""Scheduling: who may, what is asked of the outbox, and that nothing is half-written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from calendars.london import at_wall_clock, in_london
from organisations.actor import Actor
from organisations.guard_rail.refusal import IdentifierRefused
from organisations.models import AuditEvent, Delivery
from organisations.tenancy.scope import acting
from partnerships.record.models import Member, MemberState, NamedContact
from partnerships.record.services.contacts import correct_contact
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.services import (
    bring_up_to_date,
    cancel_touchpoint,
    move_touchpoint,
    schedule_touchpoint,
)
from tests.touchpoints.scene import (
    COUNCIL_DEPUTY,
    DAY,
    HEALTH,
    HEALTH_DEPUTY,
    SCHOOL,
    TOLD,
    Scene,
    contact,
    deliveries,
    mark,
    plan,
    schedule,
)

NEW = "new-contact@example.org"
Enter = Callable[[Actor], AbstractContextManager[Actor]]


def test_each_side_is_invited_and_reminded_and_it_is_on_record(
    scene: Scene, as_actor: Enter
) -> None:
    touchpoint = schedule(scene)
    asked = deliveries(scene)

    assert {d.recipient for d in asked if d.kind == "touchpoint_invitation"} == TOLD
    assert {d.recipient for d in asked if d.kind == "touchpoint_reminder"} == TOLD
    assert len(asked) == 6
    assert {d.subject for d in asked} == {touchpoint.ref}
    assert {d.organisation_id for d in asked} == {scene.cast.school_editor.organisation_id}
    assert {d.posting_id for d in asked if d.recipient == HEALTH} == {scene.postings[HEALTH].pk}
    with as_actor(scene.cast.health_editor):
        event = AuditEvent.objects.get(action="touchpoint scheduled")
    assert event.object_id == touchpoint.pk
    assert "Rooms" not in str(event.changes)


def test_reminders_wait_for_the_day_before_and_invitations_do_not(scene: Scene) -> None:
    schedule(scene)
    asked = deliveries(scene)

    due = {d.due_at for d in asked if d.kind == "touchpoint_reminder"}
    assert due == {datetime(2027, 1, 13, 15, 30, tzinfo=UTC)}
    assert {d.offset_minutes for d in asked} == {0, 1440}


def test_no_reminder_when_the_day_before_is_past(scene: Scene) -> None:
    schedule(scene, date=date(2027, 1, 5), time=time(8, 59))

    assert {d.kind for d in deliveries(scene)} == {"touchpoint_invitation"}


@pytest.mark.parametrize(
    ("day", "hours_before"), [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25)]
)
def test_across_a_clock_change_the_reminder_keeps_the_minute(
    scene: Scene, day: date, hours_before: int
) -> None:
    """At noon on the day of the change, the day before is 23 or 25 hours away."""
    touchpoint = schedule(scene, date=day, time=time(12, 0))
    due = {d.due_at for d in deliveries(scene, kind="touchpoint_reminder")}

    assert due == {touchpoint.starts_at - timedelta(hours=hours_before)}
    assert in_london(due.pop()).time() == time(12, 0)


def test_the_same_again_is_refused_until_it_is_cancelled(scene: Scene, as_actor: Enter) -> None:
    first = schedule(scene)
    with pytest.raises(ValidationError, match="scheduled this sort of touchpoint for this time"):
        schedule(scene)
    with as_actor(scene.cast.school_editor) as by:
        cancel_touchpoint(by=by, touchpoint=first)

    assert schedule(scene).pk != first.pk


def test_any_member_schedules_and_nobody_else(scene: Scene, as_actor: Enter) -> None:
    assert schedule(scene, "health_editor").author_organisation_id is not None
    for part in ("school_viewer", "stranger", "council_editor", "nobody", "operator"):
        by = scene.cast.actors[part]
        with pytest.raises(PermissionDenied), as_actor(by):
            schedule_touchpoint(by=by, partnership=scene.partnership, **plan())


def test_nothing_is_added_to_a_closed_partnership(scene: Scene, as_actor: Enter) -> None:
    scene.partnership.closed_at = timezone.now()
    with pytest.raises(PermissionDenied), as_actor(scene.cast.school_editor) as by:
        schedule_touchpoint(by=by, partnership=scene.partnership, **plan())


@pytest.mark.parametrize(
    "more",
    [
        {"date": date(2027, 1, 3)},
        {"date": date(2027, 3, 28), "time": time(1, 30)},
        {"date": date(2027, 10, 31), "time": time(1, 30)},
    ],
)
def test_a_refused_plan_leaves_nothing_behind(scene: Scene, more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        schedule(scene, **more)

    with acting(scene.cast.school_editor.scope), transaction.atomic():
        assert not Touchpoint.objects.exists()
        assert not Delivery.objects.exists()


def test_a_pupils_number_in_the_agenda_is_refused_before_anything_is_stored(scene: Scene) -> None:
    with pytest.raises(IdentifierRefused):
        schedule(scene, agenda="About 943 476 5919")

    assert deliveries(scene) == []


def test_one_who_left_or_whose_address_bounced_is_replaced_by_the_deputy(
    scene: Scene, as_actor: Enter
) -> None:
    with as_actor(scene.cast.school_editor):
        posting = scene.postings[HEALTH]
        posting.bounced_at = timezone.now()
        posting.save(update_fields=["bounced_at"])
    schedule(scene)

    assert {d.recipient for d in deliveries(scene)} == {SCHOOL, HEALTH_DEPUTY, COUNCIL_DEPUTY}


def test_an_organisation_that_declined_or_left_is_not_told(scene: Scene, as_actor: Enter) -> None:
    with as_actor(scene.cast.health_editor) as by:
        Member.objects.filter(organisation=by.organisation_id).update(
            state=MemberState.LEFT, answered_at=timezone.now(), answered_by_id=by.user_id
        )
    schedule(scene)

    assert {d.recipient for d in deliveries(scene)} == {SCHOOL, COUNCIL_DEPUTY}


def test_an_address_that_stands_for_two_sides_is_told_once(scene: Scene, as_actor: Enter) -> None:
    with as_actor(scene.cast.school_editor) as by:
        contact(
            by,
            scene.partnership,
            scene.cast,
            part="council",
            function="named",
            email=SCHOOL.upper().replace("@SCHOOL.EXAMPLE", "@school.example"),
        )
    schedule(scene)

    assert len(deliveries(scene, kind="touchpoint_invitation")) == 2


def test_a_new_contact_is_invited_when_named_and_once(
    scene: Scene, as_actor: Enter, superuser: object
) -> None:
    touchpoint = schedule(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    with as_actor(scene.cast.school_editor) as by:
        contact(by, scene.partnership, scene.cast, part="council", function="named", email=NEW)
        assert bring_up_to_date(by=by, partnership=scene.partnership) == 0
    new = deliveries(scene, recipient=NEW)

    assert [(d.kind, d.subject) for d in new] == [
        ("touchpoint_invitation", touchpoint.ref),
        ("touchpoint_reminder", touchpoint.ref),
    ]


def test_a_corrected_address_is_invited(scene: Scene, as_actor: Enter) -> None:
    schedule(scene, "health_editor")
    with as_actor(scene.cast.school_editor) as by:
        named = NamedContact.objects.select_related("posting__person", "partnership").get(
            posting=scene.postings[SCHOOL]
        )
        correct_contact(by=by, contact=named, name="School trust lead", job_title="Lead", email=NEW)

    assert [d.kind for d in deliveries(scene, recipient=NEW)] == [
        "touchpoint_invitation",
        "touchpoint_reminder",
    ]


def test_a_newcomer_to_a_changed_touchpoint_is_invited_to_the_new_plan(
    scene: Scene, as_actor: Enter
) -> None:
    touchpoint = schedule(scene)
    with as_actor(scene.cast.school_editor) as by:
        move_touchpoint(by=by, touchpoint=touchpoint, **plan(venue="Online"))
        contact(by, scene.partnership, scene.cast, part="council", function="named", email=NEW)

    assert {d.revision for d in deliveries(scene, recipient=NEW)} == {1}
    # Whoever was invited anew in place of an invitation that never went out is not told twice.
    assert len(deliveries(scene, recipient=SCHOOL, state="pending")) == 2


def test_newcomers_are_not_invited_to_what_is_past(
    scene: Scene, as_actor: Enter, clock: time_machine.Traveller
) -> None:
    schedule(scene)
    clock.move_to(at_wall_clock(DAY, time(15, 30)))
    with as_actor(scene.cast.health_editor) as by:
        contact(by, scene.partnership, scene.cast, part="health", function="named", email=NEW)

    assert deliveries(scene, recipient=NEW) == []


def test_the_database_lets_only_the_author_change_the_plan(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    with (
        pytest.raises(DatabaseError, match="only the organisation that scheduled"),
        as_actor(scene.cast.health_editor),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE touchpoints_touchpoint SET starts_at = now() WHERE id = %s", [touchpoint.pk]
        )
