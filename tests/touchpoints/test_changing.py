"""Moving and cancelling: what replaces what, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from calendars.london import at_wall_clock
from organisations.actor import Actor
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.services import cancel_touchpoint, move_touchpoint
from tests.touchpoints.scene import (
    CLOCK,
    DAY,
    HEALTH,
    NOW,
    SCHOOL,
    TOLD,
    Scene,
    deliveries,
    mark,
    plan,
    schedule,
)

Enter = Callable[[Actor], AbstractContextManager[Actor]]
LATER = date(2027, 1, 21)


def asked(scene: Scene, **filters: Any) -> set[tuple[str, str, str, int]]:
    return {(d.kind, d.recipient, d.state, d.revision) for d in deliveries(scene, **filters)}


def test_moving_replaces_reminders_and_tells_those_who_know(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    touchpoint = schedule(scene)
    mark(superuser, "sent", kind="touchpoint_invitation", recipient=HEALTH)
    mark(superuser, "uncertain", kind="touchpoint_invitation", recipient=SCHOOL)
    with as_actor(scene.cast.school_manager) as by:
        moved = move_touchpoint(by=by, touchpoint=touchpoint, **plan(date=LATER))

    assert (moved.revision, moved.starts_at) == (1, datetime(2027, 1, 21, 15, 30, tzinfo=UTC))
    assert {row[2] for row in asked(scene, kind="touchpoint_reminder", revision=0)} == {"cancelled"}
    now = {(d.kind, d.recipient) for d in deliveries(scene, revision=1, offset_minutes=0)}
    assert now == {
        ("touchpoint_moved", HEALTH),
        ("touchpoint_moved", SCHOOL),
        ("touchpoint_invitation", "council-deputy@council.example"),
    }
    reminders = deliveries(scene, revision=1, kind="touchpoint_reminder")
    assert {d.recipient for d in reminders} == TOLD
    assert {d.due_at for d in reminders} == {datetime(2027, 1, 20, 15, 30, tzinfo=UTC)}


def test_the_news_remembers_when_it_was(scene: Scene, as_actor: Enter, superuser: Any) -> None:
    touchpoint = schedule(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    with as_actor(scene.cast.school_editor) as by:
        move_touchpoint(by=by, touchpoint=touchpoint, **plan(time=time(9, 0)))

    payloads = {d.payload["was"] for d in deliveries(scene, kind="touchpoint_moved")}
    assert payloads == {touchpoint.starts_at.isoformat()}


def _send_all_due(superuser: Any, at: datetime) -> None:
    superuser.execute(
        "UPDATE organisations_delivery SET state = 'sent', phase = 2, sent_at = %(at)s, "
        "payload = '{}' WHERE state = 'pending' AND due_at <= %(at)s",
        {"at": at},
    )


def _move_and_send(scene: Scene, as_actor: Enter, superuser: Any, day: date, at: datetime) -> None:
    """Move the touchpoint of the scene at a moment, and hand over what is due by then."""
    with time_machine.travel(at, tick=False), as_actor(scene.cast.school_editor) as by:
        touchpoint = Touchpoint.objects.get(partnership=scene.partnership)
        move_touchpoint(by=by, touchpoint=touchpoint, **plan(date=day))
    _send_all_due(superuser, at)


def test_many_moves_in_a_row_are_two_emails_to_each(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    schedule(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    moves = [NOW + timedelta(seconds=20 * n) for n in range(12)]
    for n, at in enumerate(moves):
        _move_and_send(scene, as_actor, superuser, LATER if n % 2 else DAY + timedelta(days=4), at)

    news = deliveries(scene, kind="touchpoint_moved", recipient=HEALTH)
    assert [d.state for d in news].count("sent") == 1
    (waiting,) = [d for d in news if d.state == "pending"]
    assert waiting.revision == len(moves)
    assert waiting.due_at == moves[0] + timedelta(minutes=5)
    assert waiting.payload["was"] == at_wall_clock(DAY + timedelta(days=4), CLOCK).isoformat()


def test_news_of_what_begins_soon_does_not_wait(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    schedule(scene)
    mark(superuser, "sent", kind="touchpoint_invitation")
    soon = at_wall_clock(DAY, CLOCK) - timedelta(minutes=50)
    for n in range(3):
        at = soon + timedelta(seconds=20 * n)
        with time_machine.travel(at, tick=False), as_actor(scene.cast.school_editor) as by:
            touchpoint = Touchpoint.objects.get(partnership=scene.partnership)
            sooner = plan(time=time(15, 35 - 5 * n))
            move_touchpoint(by=by, touchpoint=touchpoint, **sooner)
        _send_all_due(superuser, at)

    news = deliveries(scene, kind="touchpoint_moved", recipient=HEALTH)
    assert [d.state for d in news] == ["sent"] * 3


def test_the_same_plan_again_tells_nobody(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    before = asked(scene)
    with as_actor(scene.cast.school_editor) as by:
        same = move_touchpoint(by=by, touchpoint=touchpoint, **plan())

    assert same.revision == 0
    assert asked(scene) == before


def test_two_who_move_it_at_once_do_not_overwrite_each_other(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    with as_actor(scene.cast.school_editor) as by:
        move_touchpoint(by=by, touchpoint=touchpoint, based_on=0, **plan(date=LATER))
    with (
        pytest.raises(ValidationError, match="now on Thursday 21 January 2027"),
        as_actor(scene.cast.school_manager) as by,
    ):
        move_touchpoint(by=by, touchpoint=touchpoint, based_on=0, **plan(time=time(9, 0)))

    assert {d.revision for d in deliveries(scene)} == {0, 1}


@pytest.mark.parametrize("part", ["health_manager", "school_viewer", "stranger"])
def test_only_the_authors_organisation_changes_the_plan(
    scene: Scene, as_actor: Enter, part: str
) -> None:
    touchpoint = schedule(scene)
    by = scene.cast.actors[part]
    with pytest.raises(PermissionDenied), as_actor(by):
        move_touchpoint(by=by, touchpoint=touchpoint, **plan(date=LATER))
    with pytest.raises(PermissionDenied), as_actor(by):
        cancel_touchpoint(by=by, touchpoint=touchpoint)


def test_cancelling_tells_only_those_who_had_been_invited(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    touchpoint = schedule(scene)
    mark(superuser, "sent", kind="touchpoint_invitation", recipient=HEALTH)
    with as_actor(scene.cast.school_editor) as by:
        cancelled = cancel_touchpoint(by=by, touchpoint=touchpoint, notes=" Snow ")

    assert (cancelled.state, cancelled.outcome_notes, cancelled.revision) == (
        "cancelled",
        "Snow",
        1,
    )
    waiting = asked(scene, state="pending")
    assert waiting == {("touchpoint_cancelled", HEALTH, "pending", 1)}
    reasons = {d.reason for d in deliveries(scene, state="cancelled")}
    assert reasons == {"The touchpoint was cancelled."}


def test_cancelled_twice_gets_a_clear_answer(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    with as_actor(scene.cast.school_editor) as by:
        cancel_touchpoint(by=by, touchpoint=touchpoint)
    for change in (move, cancel_touchpoint):
        with (
            pytest.raises(ValidationError, match="already recorded that this touchpoint was canc"),
            as_actor(scene.cast.school_editor) as by,
        ):
            change(by=by, touchpoint=touchpoint)


def move(*, by: Actor, touchpoint: Touchpoint) -> Touchpoint:
    return move_touchpoint(by=by, touchpoint=touchpoint, **plan(date=LATER))


def test_once_it_has_begun_its_plan_stands(
    scene: Scene, as_actor: Enter, clock: time_machine.Traveller
) -> None:
    touchpoint = schedule(scene)
    clock.move_to(at_wall_clock(DAY, CLOCK))
    for change in (move, cancel_touchpoint):
        with (
            pytest.raises(ValidationError, match="Record its outcome instead"),
            as_actor(scene.cast.school_editor) as by,
        ):
            change(by=by, touchpoint=touchpoint)
