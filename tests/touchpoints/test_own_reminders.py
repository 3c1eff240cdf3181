"""Reminders that are asked for already follow the times that their reader chooses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import psycopg
import pytest
import time_machine
from django.db import transaction

from calendars.london import wall_clock_before
from organisations.outbox.identity import reference_of
from organisations.outbox.preferences.services import keep_reminders
from organisations.tenancy.scope import NOBODY, acting
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.own_reminders import follow
from partnerships.touchpoints.services import cancel_touchpoint, move_touchpoint, take_off
from tests.touchpoints.scene import (
    HEALTH,
    SCHOOL,
    Scene,
    contact,
    deliveries,
    mark,
    plan,
    schedule,
)

Super = psycopg.Connection[Any]
REMINDER = "touchpoint_reminder"
A_WEEK, A_DAY, AN_HOUR = 10080, 1440, 60
STARTS = datetime(2027, 1, 14, 15, 30, tzinfo=UTC)


def choose(scene: Scene, minutes: Sequence[int] | None, recipient: str = HEALTH) -> None:
    """As somebody does by the link in their invitation."""
    (invitation, *_) = deliveries(scene, kind="touchpoint_invitation", recipient=recipient)
    with acting(NOBODY), transaction.atomic():
        assert keep_reminders(by=None, minutes=minutes, reference=reference_of(invitation))


def waiting(scene: Scene, touchpoint: Touchpoint, recipient: str = HEALTH) -> dict[int, datetime]:
    """When each reminder is due that would still go."""
    rows = deliveries(
        scene, kind=REMINDER, subject=touchpoint.ref, recipient=recipient, state="pending"
    )
    return {row.offset_minutes: row.due_at for row in rows}


def test_a_choice_replaces_the_reminders_that_wait(scene: Scene) -> None:
    touchpoint = schedule(scene)
    (before,) = deliveries(scene, kind=REMINDER, recipient=HEALTH)
    others = waiting(scene, touchpoint, SCHOOL)

    choose(scene, [A_WEEK, AN_HOUR])

    assert waiting(scene, touchpoint) == {
        A_WEEK: STARTS - timedelta(days=7),
        AN_HOUR: STARTS - timedelta(hours=1),
    }
    assert waiting(scene, touchpoint, SCHOOL) == others
    rows = deliveries(scene, kind=REMINDER, recipient=HEALTH)
    for row in rows:
        assert (row.organisation_id, row.posting_id, row.revision) == (
            before.organisation_id,
            before.posting_id,
            before.revision,
        )
    assert {row.reason for row in rows if row.state == "cancelled"} == {
        "Its reader chose other times."
    }


def test_without_a_choice_they_are_those_of_the_touchpoint_again(scene: Scene) -> None:
    touchpoint = schedule(scene)
    before = waiting(scene, touchpoint)

    choose(scene, [AN_HOUR])
    choose(scene, None)

    assert waiting(scene, touchpoint) == before
    assert len(deliveries(scene, kind=REMINDER, recipient=HEALTH)) == 2


def test_a_touchpoint_without_reminders_gets_those_that_somebody_wants(scene: Scene) -> None:
    touchpoint = schedule(scene, reminder_minutes=[])
    assert waiting(scene, touchpoint) == {}

    choose(scene, [A_DAY])

    assert list(waiting(scene, touchpoint)) == [A_DAY]
    assert waiting(scene, touchpoint, SCHOOL) == {}


def test_what_is_past_is_not_asked_for_and_what_was_sent_not_again(
    scene: Scene, clock: time_machine.Traveller, superuser: Super
) -> None:
    touchpoint = schedule(scene)
    mark(superuser, "sent", kind=REMINDER)
    clock.move_to(STARTS - timedelta(hours=20))

    choose(scene, [A_WEEK, AN_HOUR])
    assert list(waiting(scene, touchpoint)) == [AN_HOUR]

    choose(scene, [A_DAY])
    assert waiting(scene, touchpoint) == {}
    states = {
        row.offset_minutes: row.state for row in deliveries(scene, kind=REMINDER, recipient=HEALTH)
    }
    assert states == {A_DAY: "sent", AN_HOUR: "cancelled"}


def test_whole_days_keep_the_time_on_the_clock(scene: Scene) -> None:
    # The clocks go back on 31 October 2027.
    touchpoint = schedule(scene, date=date(2027, 11, 1), time=time(10, 0))

    choose(scene, [A_WEEK, AN_HOUR])

    assert waiting(scene, touchpoint) == {
        A_WEEK: datetime(2027, 10, 25, 9, 0, tzinfo=UTC),
        AN_HOUR: datetime(2027, 11, 1, 9, 0, tzinfo=UTC),
    }


def test_the_database_reads_london_clocks_as_we_do(superuser: Super) -> None:
    nights = (datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC))
    asked = [
        (night + timedelta(days=days, minutes=30 * half), minutes)
        for night in nights
        for days in (-1, 0, 1, 2)
        for half in range(-2, 8)
        for minutes in (0, 60, 1439, 1440, 1500, 2880, 2910)
    ]
    for moment, minutes in asked:
        (there,) = superuser.execute(
            "SELECT tandem.before_on_london_clocks(%s, %s)", [moment, minutes]
        ).fetchone() or (None,)
        assert there == wall_clock_before(moment, timedelta(minutes=minutes)), (moment, minutes)


def test_only_the_present_plan_counts(scene: Scene) -> None:
    by = scene.cast.school_editor
    moved, cancelled = schedule(scene), schedule(scene, date=date(2027, 1, 21))
    with acting(by.scope), transaction.atomic():
        move_touchpoint(by=by, touchpoint=moved, **plan(date=date(2027, 1, 20)))
        cancel_touchpoint(by=by, touchpoint=cancelled)

    choose(scene, [AN_HOUR])

    assert list(waiting(scene, moved)) == [AN_HOUR]
    assert {
        row.revision
        for row in deliveries(scene, kind=REMINDER, subject=moved.ref, offset_minutes=AN_HOUR)
    } == {1}
    assert waiting(scene, cancelled) == {}


def test_whoever_was_taken_off_is_reminded_of_nothing(scene: Scene) -> None:
    by = scene.cast.school_editor
    touchpoint = schedule(scene)
    with acting(by.scope), transaction.atomic():
        row = touchpoint.attendees.get(posting=scene.postings[HEALTH])
        take_off(by=by, attendee=row)

    choose(scene, [AN_HOUR])

    assert AN_HOUR not in waiting(scene, touchpoint)


def test_somebody_signed_in_follows_their_own_address_and_no_other(scene: Scene) -> None:
    by = scene.cast.school_editor
    own = "school-editor@tandem.example"
    with acting(by.scope), transaction.atomic():
        contact(
            by, scene.partnership, scene.cast, part="school", function="named", email=own.upper()
        )
    touchpoint = schedule(scene)
    others = waiting(scene, touchpoint)
    (kept,) = (
        {d.recipient for d in deliveries(scene, kind=REMINDER)}
        - {d.recipient for d in deliveries(scene, kind=REMINDER, recipient=HEALTH)}
        - {"council-deputy@council.example"}
    )

    with acting(by.scope), transaction.atomic():
        assert keep_reminders(by=by, minutes=[AN_HOUR])

    assert kept.lower() == own
    assert list(waiting(scene, touchpoint, kept)) == [AN_HOUR]
    assert waiting(scene, touchpoint) == others


@pytest.mark.parametrize("part", ["health_editor", "stranger"])
def test_nobody_moves_the_reminders_of_somebody_else(
    scene: Scene, superuser: Super, part: str
) -> None:
    touchpoint = schedule(scene)
    superuser.execute(
        "INSERT INTO organisations_mailtimes (address, quiet_weekends, reminder_minutes) "
        "VALUES (%s, false, '{60}')",
        [HEALTH],
    )
    before = waiting(scene, touchpoint)

    for actor, reference in (
        (scene.cast.actors[part].scope, ""),
        (NOBODY, ""),
        (NOBODY, f"{touchpoint.ref}.{'0' * 40}"),
    ):
        with acting(actor), transaction.atomic():
            assert follow(reference) == 0

    assert waiting(scene, touchpoint) == before
