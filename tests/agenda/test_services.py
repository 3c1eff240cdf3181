"""Planning, changing, recording steps and withdrawing: who may, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from contacts.models import Gateway, GatewayMeeting
from organisations.actor import Actor
from organisations.guard_rail.refusal import IdentifierRefused
from organisations.models import AuditEvent
from organisations.tenancy.scope import acting
from partnerships.agenda.models import AgendaItem
from partnerships.agenda.services import change_item, plan_item, record_step, withdraw_item
from partnerships.record.models import Partnership
from tests.agenda.arranging import MEETS, planned
from tests.tenancy.world import walsall_board
from tests.touchpoints.scene import Scene

Enter = Callable[[Actor], AbstractContextManager[Actor]]
TODAY = date(2027, 1, 4)


def as_it_is(item: AgendaItem, **changes: Any) -> dict[str, Any]:
    return {
        "title": item.title,
        "ask": item.ask,
        "meeting": item.meeting,
        "own_due_on": item.own_due_on,
        **changes,
    }


def test_an_item_goes_its_way_each_step_in_ones_own_name(
    scene: Scene, board: GatewayMeeting, as_actor: Enter
) -> None:
    item = planned(scene, meeting=board)
    with as_actor(scene.cast.school_editor) as by:
        record_step(by=by, item=item, step="sent", on=TODAY)
    with as_actor(scene.cast.health_editor) as by:
        item = AgendaItem.objects.get(pk=item.pk)
        record_step(by=by, item=item, step="heard", on=TODAY)
        done = record_step(by=by, item=item, step="decided", on=TODAY, decision="A seat is given.")
    with as_actor(scene.cast.health_editor):
        actions = AuditEvent.objects.filter(object_table="agenda_agendaitem", object_id=item.pk)
        said = list(actions.order_by("id").values_list("action", "organisation_id"))

    school, health = (scene.cast.organisation(part).pk for part in ("school", "health"))
    assert (done.state, done.decision) == ("decided", "A seat is given.")
    assert (done.sent_organisation_id, done.decided_organisation_id) == (school, health)
    assert said == [
        ("agenda item planned", school),
        ("agenda item paper sent", school),
        ("agenda item heard", health),
        ("agenda item decided", health),
    ]


def test_the_paper_is_due_as_published_or_as_agreed(
    scene: Scene, board: GatewayMeeting, later: GatewayMeeting
) -> None:
    assert planned(scene, meeting=board).due_on == board.papers_due_on
    assert planned(scene, title="b", meeting=later).due_on is None
    agreed = planned(scene, title="c", meeting=board, own_due_on=date(2027, 2, 24))
    assert agreed.due_on == date(2027, 2, 24)
    the_same = planned(scene, title="d", meeting=board, own_due_on=board.papers_due_on)
    assert the_same.own_due_on is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 151}, "title"),
        ({"ask": "x" * 2001}, "ask"),
        ({"own_due_on": date(2027, 3, 4)}, "own_due_on"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_field(
    scene: Scene, board: GatewayMeeting, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        planned(scene, meeting=board, **changes)

    assert set(refusal.value.error_dict) == {field}


def test_a_meeting_must_be_the_gateways_and_to_come_and_stand(
    scene: Scene, board: GatewayMeeting, superuser: Any, as_actor: Enter
) -> None:
    other = Gateway.objects.exclude(pk=walsall_board().pk).first()
    assert other is not None
    with as_actor(scene.cast.school_editor) as by, pytest.raises(ValidationError, match="Choose"):
        plan_item(by=by, partnership=scene.partnership, gateway=other, title="x", meeting=board)
    for change in ("meets_on = '2027-01-03', papers_due_on = NULL", "cancelled_at = now()"):
        superuser.execute(f"UPDATE contacts_gatewaymeeting SET {change} WHERE id = %s", [board.pk])
        board.refresh_from_db()
        with pytest.raises(ValidationError, match="Choose another"):
            planned(scene, meeting=board)


def test_the_database_takes_no_meeting_of_another_gateway(
    scene: Scene, board: GatewayMeeting, as_actor: Enter
) -> None:
    item = planned(scene)
    other = Gateway.objects.exclude(pk=walsall_board().pk).first()
    with (
        pytest.raises(DatabaseError, match="another gateway"),
        as_actor(scene.cast.school_editor) as by,
    ):
        AgendaItem.objects.create(
            partnership=scene.partnership,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            gateway=other,
            meeting=board,
            title="x",
        )
    assert item.meeting_id is None


def test_going_back_in_the_browser_plans_nothing_twice(scene: Scene) -> None:
    planned(scene)
    with pytest.raises(ValidationError, match="already"):
        planned(scene)
    planned(scene, "health_editor")  # another organisation may ask the same


def test_a_number_of_a_patient_is_refused(scene: Scene) -> None:
    with pytest.raises(IdentifierRefused):
        planned(scene, ask="About 943 476 5919")


def test_two_people_who_change_it_at_once_do_not_overwrite_each_other(
    scene: Scene, as_actor: Enter
) -> None:
    item = planned(scene)
    with as_actor(scene.cast.school_manager) as by:
        change_item(by=by, item=item, based_on=0, **as_it_is(item, title="First"))
    with (
        pytest.raises(ValidationError, match="changed while"),
        as_actor(scene.cast.school_editor) as by,
    ):
        change_item(by=by, item=item, based_on=0, **as_it_is(item, title="Second"))
    with as_actor(scene.cast.school_editor):
        assert AgendaItem.objects.get(pk=item.pk).title == "First"


def test_saving_the_same_again_changes_nothing(scene: Scene, as_actor: Enter) -> None:
    item = planned(scene)
    with as_actor(scene.cast.school_editor) as by:
        again = change_item(by=by, item=item, **as_it_is(item))

    assert again.revision == 0


def test_only_the_organisation_that_planned_it_changes_or_withdraws_it(
    scene: Scene, as_actor: Enter
) -> None:
    item = planned(scene)
    for attempt in (
        lambda by: change_item(by=by, item=item, **as_it_is(item, title="x")),
        lambda by: withdraw_item(by=by, item=item),
    ):
        with pytest.raises(PermissionDenied), as_actor(scene.cast.health_editor) as by:
            attempt(by)
    for part in ("school_viewer", "stranger", "council_editor"):
        with pytest.raises(PermissionDenied), as_actor(scene.cast.actors[part]) as by:
            record_step(by=by, item=item, step="sent", on=TODAY)


def test_nothing_is_planned_in_a_closed_partnership(scene: Scene, as_actor: Enter) -> None:
    with as_actor(scene.cast.school_editor):
        Partnership.objects.filter(pk=scene.partnership.pk).update(closed_at=timezone.now())
        scene.partnership.refresh_from_db()
    with pytest.raises(PermissionDenied):
        planned(scene)


@pytest.mark.parametrize(
    ("step", "given", "field"),
    [
        ("sent", {"on": date(2027, 1, 5)}, "on"),
        ("heard", {"on": date(2027, 1, 1)}, "on"),
        ("decided", {"on": TODAY}, "decision"),
        ("planned", {"on": TODAY}, "step"),
        ("withdrawn", {"on": TODAY}, "step"),
    ],
)
def test_a_step_that_cannot_be_is_refused_by_field(
    scene: Scene, as_actor: Enter, step: str, given: dict[str, Any], field: str
) -> None:
    item = planned(scene)
    if step != "sent":
        with as_actor(scene.cast.school_editor) as by:
            record_step(by=by, item=item, step="sent", on=date(2027, 1, 2))
    with (
        pytest.raises(ValidationError) as refusal,
        as_actor(scene.cast.school_editor) as by,
    ):
        record_step(by=by, item=item, step=step, **given)

    assert set(refusal.value.error_dict) == {field}


def test_what_is_over_or_on_record_stays(scene: Scene, as_actor: Enter) -> None:
    item = planned(scene)
    with as_actor(scene.cast.school_editor) as by:
        record_step(by=by, item=item, step="heard", on=TODAY)
    for step in ("sent", "heard"):
        with (
            pytest.raises(ValidationError, match="already"),
            as_actor(scene.cast.school_editor) as by,
        ):
            record_step(by=by, item=item, step=step, on=TODAY)
    with as_actor(scene.cast.school_editor) as by:
        withdrawn = withdraw_item(by=by, item=item, why=" Another way was found. ")
    assert (withdrawn.state, withdrawn.withdrawn_why) == ("withdrawn", "Another way was found.")
    for again in (
        lambda by: withdraw_item(by=by, item=item),
        lambda by: change_item(by=by, item=item, **as_it_is(item, title="x")),
        lambda by: record_step(by=by, item=item, step="decided", on=TODAY, decision="x"),
    ):
        with (
            pytest.raises(ValidationError, match="withdrawn already"),
            as_actor(scene.cast.school_editor) as by,
        ):
            again(by)


@pytest.mark.parametrize(
    "change",
    [
        "state = 'planned', heard_on = NULL, heard_by_id = NULL, heard_organisation_id = NULL",
        "heard_on = '2027-01-01'",
        "state = 'decided', decided_on = heard_on, decided_by_id = heard_by_id",
        "state = 'decided'",
        "author_organisation_id = author_organisation_id + 1",
        "gateway_id = gateway_id + 1",
    ],
)
def test_by_sql_nobody_goes_back_or_writes_in_anothers_name(
    scene: Scene, as_actor: Enter, change: str
) -> None:
    item = planned(scene)
    with as_actor(scene.cast.school_editor) as by:
        record_step(by=by, item=item, step="heard", on=TODAY)
    health = scene.cast.health_editor
    with (
        pytest.raises(DatabaseError),
        acting(health.scope),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE agenda_agendaitem SET {change} WHERE id = %s", [item.pk])


def test_who_leaves_the_partnership_sees_no_item_any_more(scene: Scene, as_actor: Enter) -> None:
    from partnerships.record.models import Member, MemberState

    item = planned(scene)
    with as_actor(scene.cast.health_editor) as by:
        assert AgendaItem.objects.filter(pk=item.pk).exists()
        Member.objects.filter(
            partnership=scene.partnership, organisation=by.organisation_id
        ).update(state=MemberState.LEFT, answered_at=timezone.now(), answered_by_id=by.user_id)
    with as_actor(scene.cast.health_editor):
        assert not AgendaItem.objects.exists()
    with as_actor(scene.cast.stranger):
        assert not AgendaItem.objects.exists()


def test_the_meeting_it_has_may_be_kept_when_it_is_over(
    scene: Scene, board: GatewayMeeting, as_actor: Enter, clock: Any
) -> None:
    item = planned(scene, meeting=board)
    clock.move_to(f"{MEETS.isoformat()}T20:00:00+00:00")
    clock.shift(86_400)
    with as_actor(scene.cast.school_editor) as by:
        changed = change_item(by=by, item=item, **as_it_is(item, title="After it"))

    assert changed.meeting_id == board.pk
