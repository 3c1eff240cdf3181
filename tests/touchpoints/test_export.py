"""What an organisation takes along of its touchpoints."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time
from typing import Any

import pytest
import time_machine
from django.test import Client

from organisations.actor import Actor
from organisations.joining.registry import sections
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.outcome_asking import LATER, due_at
from partnerships.touchpoints.outcome_links import choices_for
from partnerships.touchpoints.services import record_outcome
from tests.touchpoints.scene import HEALTH, Scene, deliveries, gone_by, schedule
from tests.touchpoints.series_scene import plan_series

Enter = Callable[[Actor], AbstractContextManager[Actor]]


def exported(by: Actor) -> list[dict[str, Any]]:
    """The touchpoints of an organisation's export, by column."""
    section = next(each for each in sections() if each.name == "touchpoints")
    return [dict(zip(section.columns, row, strict=True)) for row in section.rows(by)]


@pytest.mark.parametrize("part", ["school_editor", "health_editor"])
def test_what_was_moved_says_who_said_so_and_what_took_its_place(
    scene: Scene, as_actor: Enter, part: str
) -> None:
    past = gone_by(scene)
    with as_actor(scene.cast.health_editor) as by:
        record_outcome(
            by=by,
            touchpoint=past,
            outcome="moved",
            next_date=date(2027, 1, 21),
            next_time=time(10, 0),
        )
    with as_actor(scene.cast.actors[part]) as by:
        moved, new = exported(by)

    assert moved["recorded_for"] == scene.cast.organisation("health").name
    assert moved["recorded_by"] == "a member, signed in"
    assert (moved["replaces"], new["replaces"]) == ("", past.ref)
    assert (new["recorded_for"], new["recorded_by"], new["series"]) == ("", "", "")
    assert new["reminder_minutes"] == "1440"


def test_what_somebody_recorded_by_a_link_names_their_organisation(
    scene: Scene, as_actor: Enter, clock: time_machine.Traveller
) -> None:
    touchpoint = schedule(scene)
    clock.move_to(due_at(touchpoint, LATER))
    (question,) = deliveries(
        scene, kind="touchpoint_outcome", recipient=HEALTH, offset_minutes=LATER
    )
    link = dict(choices_for(question))["Held"].removeprefix("http://localhost:8000")
    Client().post(link, {"outcome": "held"})
    with as_actor(scene.cast.school_editor) as by:
        (row,) = exported(by)

    assert row["recorded_for"] == scene.cast.organisation("health").name
    assert row["recorded_by"] == "somebody invited, by a link"


def test_a_date_of_a_series_says_of_which(scene: Scene, as_actor: Enter) -> None:
    by = scene.cast.school_editor
    series = plan_series(by, scene.partnership, number=2, reminder_minutes=(1440, 120))
    with as_actor(by):
        rows = exported(by)
        assert Touchpoint.objects.filter(series=series).count() == len(rows) == 2

    assert {row["series"] for row in rows} == {series.ref}
    assert {row["reminder_minutes"] for row in rows} == {"1440 120"}
