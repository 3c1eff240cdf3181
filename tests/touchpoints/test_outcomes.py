"""What became of a touchpoint: recorded once, by any member, when its time has come."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from calendars.london import at_wall_clock
from organisations.actor import Actor
from partnerships.touchpoints.services import record_outcome
from tests.organisations.onlooker import Superuser
from tests.touchpoints.scene import CLOCK, DAY, Scene, deliveries, schedule

Enter = Callable[[Actor], AbstractContextManager[Actor]]


@pytest.mark.parametrize("outcome", ["held", "missed", "cancelled"])
@pytest.mark.parametrize("part", ["school_editor", "health_editor"])
def test_any_member_records_what_became_of_it(
    scene: Scene,
    as_actor: Enter,
    clock: time_machine.Traveller,
    superuser: Superuser,
    part: str,
    outcome: str,
) -> None:
    touchpoint = schedule(scene)
    clock.move_to(at_wall_clock(DAY, CLOCK))
    # For the database too, whose clock nobody moves: until it has begun, others cannot cancel it.
    superuser.execute("UPDATE touchpoints_touchpoint SET starts_at = now() - interval '1 hour'")
    with as_actor(scene.cast.actors[part]) as by:
        recorded = record_outcome(by=by, touchpoint=touchpoint, outcome=outcome, notes=" Dates ")

    assert (recorded.state, recorded.outcome_notes) == (outcome, "Dates")
    assert recorded.outcome_organisation_id == by.organisation_id
    assert {d.state for d in deliveries(scene)} == {"cancelled"}
    assert "touchpoint_cancelled" not in {d.kind for d in deliveries(scene)}


def test_the_second_to_record_learns_who_was_first(
    scene: Scene, as_actor: Enter, clock: time_machine.Traveller
) -> None:
    touchpoint = schedule(scene)
    clock.move_to(at_wall_clock(DAY, CLOCK))
    with as_actor(scene.cast.health_editor) as by:
        record_outcome(by=by, touchpoint=touchpoint, outcome="held")
    with (
        pytest.raises(ValidationError, match="Walsall Healthcare NHS Trust has already recorded"),
        as_actor(scene.cast.school_editor) as by,
    ):
        record_outcome(by=by, touchpoint=touchpoint, outcome="missed")


@pytest.mark.parametrize("outcome", ["held", "missed"])
def test_what_is_still_to_come_was_not_held(scene: Scene, as_actor: Enter, outcome: str) -> None:
    touchpoint = schedule(scene)
    with (
        pytest.raises(ValidationError, match="It has not begun yet"),
        as_actor(scene.cast.school_editor) as by,
    ):
        record_outcome(by=by, touchpoint=touchpoint, outcome=outcome)


def test_what_is_still_to_come_is_cancelled_by_its_author_only(
    scene: Scene, as_actor: Enter
) -> None:
    touchpoint = schedule(scene)
    with pytest.raises(PermissionDenied), as_actor(scene.cast.health_editor) as by:
        record_outcome(by=by, touchpoint=touchpoint, outcome="cancelled")
    with as_actor(scene.cast.school_editor) as by:
        assert record_outcome(by=by, touchpoint=touchpoint, outcome="cancelled").revision == 1


@pytest.mark.parametrize("outcome", ["", "scheduled", "splendid"])
def test_an_outcome_is_one_of_three(scene: Scene, as_actor: Enter, outcome: str) -> None:
    touchpoint = schedule(scene)
    with pytest.raises(ValidationError), as_actor(scene.cast.school_editor) as by:
        record_outcome(by=by, touchpoint=touchpoint, outcome=outcome)


@pytest.mark.parametrize("part", ["school_viewer", "stranger", "council_editor"])
def test_nobody_else_records_it(scene: Scene, as_actor: Enter, part: str) -> None:
    touchpoint = schedule(scene)
    by = scene.cast.actors[part]
    with pytest.raises(PermissionDenied), as_actor(by):
        record_outcome(by=by, touchpoint=touchpoint, outcome="held")


def test_notes_have_a_length(scene: Scene, as_actor: Enter, clock: time_machine.Traveller) -> None:
    touchpoint = schedule(scene)
    clock.move_to(at_wall_clock(DAY, CLOCK))
    with (
        pytest.raises(ValidationError, match="4,000 characters"),
        as_actor(scene.cast.school_editor) as by,
    ):
        record_outcome(by=by, touchpoint=touchpoint, outcome="held", notes="x" * 4001)
