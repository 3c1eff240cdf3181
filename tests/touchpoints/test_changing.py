"""Moving and cancelling: what replaces what, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time
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
