"""What an organisation takes along of its touchpoints."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time
from typing import Any

import pytest
import time_machine
from django.test import Client

from calendars.london import at_wall_clock
from organisations.actor import Actor
from organisations.joining.registry import sections
from partnerships.touchpoints.models import Attendee, Touchpoint
from partnerships.touchpoints.outcome_asking import LATER, due_at
from partnerships.touchpoints.outcome_links import choices_for
from partnerships.touchpoints.services import (
    add_paper,
    answer,
    invite_people,
    propose_time,
    record_outcome,
    take_off,
)
from tests.touchpoints.attending import somebody
from tests.touchpoints.scene import HEALTH, Scene, deliveries, gone_by, schedule
from tests.touchpoints.series_scene import plan_series

Enter = Callable[[Actor], AbstractContextManager[Actor]]


def exported(by: Actor, name: str = "touchpoints") -> list[dict[str, Any]]:
    """One file of an organisation's export, by column."""
    section = next(each for each in sections() if each.name == name)
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


def test_who_was_invited_is_taken_along_also_when_they_are_known_no_longer(
    scene: Scene, as_actor: Enter
) -> None:
    touchpoint = schedule(scene)
    nurse = somebody(scene, "health_editor", "nurse@health.example")
    with as_actor(scene.cast.health_editor) as by:
        invite_people(by=by, touchpoint=touchpoint, postings=[nurse])
    with as_actor(scene.cast.school_editor) as by:
        before = {row["person"] for row in exported(by, "touchpoint_attendees")}
    with as_actor(scene.cast.health_editor) as by:
        row = Attendee.objects.get(touchpoint=touchpoint, posting=nurse)
        answer(by=by, attendee=row, answer="tentative")
        take_off(by=by, attendee=row)
    with as_actor(scene.cast.school_editor) as by:
        rows = exported(by, "touchpoint_attendees")

    assert "Health colleague" in before
    (unknown,) = (row for row in rows if row["person"] == "")
    assert unknown["touchpoint"] == touchpoint.ref
    assert unknown["for"] == scene.cast.organisation("health").name
    assert (unknown["answer"], unknown["how"]) == ("tentative", "page")
    assert unknown["removed_at"] is not None
    assert {row["answer"] for row in rows if row["person"]} == {"none"}


@pytest.mark.parametrize("part", ["school_editor", "health_editor"])
def test_proposals_and_papers_are_taken_along(scene: Scene, as_actor: Enter, part: str) -> None:
    touchpoint = schedule(scene)
    with as_actor(scene.cast.health_editor) as by:
        add_paper(by=by, touchpoint=touchpoint, title="Rooms", url="https://nhs.example/rooms")
        propose_time(
            by=by,
            touchpoint=touchpoint,
            date=date(2027, 1, 21),
            time=time(10, 0),
            minutes=45,
            words="The clinic is on that day.",
        )
    with as_actor(scene.cast.actors[part]) as by:
        (paper,) = exported(by, "touchpoint_papers")
        (proposal,) = exported(by, "touchpoint_proposals")

    health = scene.cast.organisation("health").name
    assert (paper["touchpoint"], paper["title"]) == (touchpoint.ref, "Rooms")
    assert (paper["url"], paper["by"]) == ("https://nhs.example/rooms", health)
    assert (proposal["touchpoint"], proposal["by"]) == (touchpoint.ref, health)
    assert proposal["starts_at"] == at_wall_clock(date(2027, 1, 21), time(10, 0))
    assert (proposal["minutes"], proposal["state"]) == (45, "open")
    assert proposal["words"] == "The clinic is on that day."
