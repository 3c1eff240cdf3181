"""What became of a touchpoint: recorded once, by any member, when its time has come."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError

from calendars.london import at_wall_clock, in_london
from organisations.actor import Actor
from organisations.models import AuditEvent
from partnerships.touchpoints.calendar_entries import entry_of
from partnerships.touchpoints.models import Attendee, Touchpoint
from partnerships.touchpoints.rhythm import kept_rhythm
from partnerships.touchpoints.selectors import invited_to, last_of, latest_of, next_of
from partnerships.touchpoints.services import (
    cancel_touchpoint,
    correct_outcome,
    invite_people,
    record_outcome,
    take_off,
)
from tests.organisations.onlooker import Superuser
from tests.touchpoints.attending import attendee, somebody
from tests.touchpoints.scene import (
    CLOCK,
    DAY,
    HEALTH,
    SCHOOL,
    TOLD,
    Scene,
    deliveries,
    gone_by,
    schedule,
)

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
    about_it = {d.kind: d.state for d in deliveries(scene)}
    assert about_it.pop("touchpoint_outcome_recorded") == "pending"
    assert set(about_it.values()) == {"cancelled"}
    assert "touchpoint_cancelled" not in about_it


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
def test_an_outcome_is_one_of_four(scene: Scene, as_actor: Enter, outcome: str) -> None:
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


# ------------------------------------------------------------------ the next date

NEW_DAY = {"next_date": date(2027, 1, 21), "next_time": time(10, 0)}


@pytest.mark.parametrize("part", ["school_editor", "health_editor"])
def test_one_that_was_moved_has_another_in_its_place(
    scene: Scene, as_actor: Enter, part: str
) -> None:
    past = gone_by(scene, venue="The hall", agenda="Rooms", minutes=45)
    with as_actor(scene.cast.actors[part]) as by:
        moved = record_outcome(by=by, touchpoint=past, outcome="moved", **NEW_DAY)
        new = Touchpoint.objects.get(replaces=moved)

    assert moved.state == "moved"
    assert (new.kind, new.venue, new.agenda, new.minutes) == ("update", "The hall", "Rooms", 45)
    assert new.starts_at == at_wall_clock(NEW_DAY["next_date"], NEW_DAY["next_time"])  # type: ignore[arg-type]
    assert (new.author_organisation_id, new.author_id) == (by.organisation_id, by.user_id)
    invited = deliveries(scene, kind="touchpoint_invitation", subject=new.ref)
    assert {each.recipient for each in invited} == TOLD


@pytest.mark.parametrize(("outcome", "follows"), [("held", False), ("moved", True)])
def test_without_a_time_the_next_one_is_at_the_same_time_of_day(
    scene: Scene, as_actor: Enter, outcome: str, follows: bool
) -> None:
    """Also in summer time, when the clock that counts is another."""
    past = gone_by(scene)
    with as_actor(scene.cast.school_editor) as by:
        record_outcome(by=by, touchpoint=past, outcome=outcome, next_date=date(2027, 4, 22))
        new = Touchpoint.objects.exclude(pk=past.pk).get()

    assert new.starts_at == at_wall_clock(date(2027, 4, 22), in_london(past.starts_at).time())
    assert (new.replaces_id == past.pk) is follows


def test_the_new_one_has_those_chosen_besides_and_not_who_was_taken_off_or_left(
    scene: Scene, as_actor: Enter, clock: time_machine.Traveller, superuser: Superuser
) -> None:
    """Recorded by the other side, which need not have known them."""
    people = {
        name: somebody(scene, "school_editor", f"{name}@{side}.example", at=side)
        for name, side in (("nurse", "health"), ("left", "health"), ("head", "school"))
    }
    touchpoint = schedule(scene)
    with as_actor(scene.cast.school_editor) as by:
        invite_people(by=by, touchpoint=touchpoint, postings=list(people.values()))
    with as_actor(scene.cast.school_editor) as by:
        take_off(by=by, attendee=attendee(scene, touchpoint, "head@school.example"))
    superuser.execute(
        "UPDATE contacts_posting SET ended_on = '2027-01-02' WHERE id = %s", [people["left"].pk]
    )
    clock.move_to(at_wall_clock(DAY, CLOCK))
    superuser.execute("UPDATE touchpoints_touchpoint SET starts_at = now() - interval '1 hour'")
    with as_actor(scene.cast.health_editor) as by:
        record_outcome(by=by, touchpoint=touchpoint, outcome="moved", **NEW_DAY)
        new = Touchpoint.objects.get(replaces=touchpoint)
        chosen = Attendee.objects.filter(touchpoint=new, follows_contact=False)
        assert list(chosen.values_list("posting__details__email", flat=True)) == [
            "nurse@health.example"
        ]

    told = deliveries(scene, "health_editor", kind="touchpoint_invitation", subject=new.ref)
    assert {each.recipient for each in told} == {*TOLD, "nurse@health.example"}


@pytest.mark.parametrize(("outcome", "in_its_place"), [("held", False), ("missed", True)])
def test_a_next_date_takes_the_place_of_what_was_missed(
    scene: Scene, as_actor: Enter, outcome: str, in_its_place: bool
) -> None:
    past = gone_by(scene)
    with as_actor(scene.cast.school_editor) as by:
        record_outcome(by=by, touchpoint=past, outcome=outcome, **NEW_DAY)
        new = Touchpoint.objects.exclude(pk=past.pk).get()

    assert (new.replaces_id == past.pk) is in_its_place
    assert new.state == "scheduled"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"outcome": "moved"}, "next_date"),
        ({"outcome": "moved", "next_time": time(9, 0)}, "next_date"),
        ({"outcome": "held", "next_time": time(9, 0)}, "next_date"),
        ({"outcome": "moved", "next_date": date(2027, 1, 1), "next_time": time(9)}, "next_date"),
        (
            {"outcome": "held", "next_date": date(2027, 3, 28), "next_time": time(1, 30)},
            "next_time",
        ),
    ],
)
def test_a_next_date_that_cannot_be_leaves_nothing_recorded(
    scene: Scene, as_actor: Enter, said: dict[str, Any], field: str
) -> None:
    past = gone_by(scene)
    with as_actor(scene.cast.school_editor) as by, pytest.raises(ValidationError) as refused:
        record_outcome(by=by, touchpoint=past, **said)
    assert set(refused.value.error_dict) == {field}

    with as_actor(scene.cast.school_editor):
        assert Touchpoint.objects.get().state == "scheduled"


def test_a_moved_one_is_gone_from_calendars_and_not_the_last_one(
    scene: Scene, as_actor: Enter
) -> None:
    past = gone_by(scene)
    with as_actor(scene.cast.school_editor) as by:
        moved = record_outcome(by=by, touchpoint=past, outcome="moved", **NEW_DAY)
        entry = entry_of(moved, stamp=moved.starts_at)
        rows = latest_of(by, scene.partnership, 10)

    assert (entry["status"], entry["transp"]) == ("CANCELLED", "TRANSPARENT")
    assert last_of(rows) is None
    assert next_of(rows) is not None


# ------------------------------------------------------------------ who came


def invite(scene: Scene, touchpoint: Touchpoint) -> dict[str, Attendee]:
    for address in (SCHOOL, HEALTH):
        posting = scene.postings[address]
        Attendee.objects.get_or_create(
            touchpoint=touchpoint,
            posting=posting,
            defaults={
                "partnership": scene.partnership,
                "organisation_id": posting.organisation_id,
            },
        )
    return {each.posting.details.email: each for each in invited_to(touchpoint)}


@pytest.mark.parametrize(
    ("outcome", "ticked", "noted"),
    [
        ("held", [HEALTH], {SCHOOL: False, HEALTH: True}),
        ("held", [], {SCHOOL: None, HEALTH: None}),
        ("missed", [HEALTH], {SCHOOL: None, HEALTH: None}),
    ],
)
def test_who_came_is_noted_where_somebody_says_so(
    scene: Scene,
    as_actor: Enter,
    outcome: str,
    ticked: list[str],
    noted: dict[str, bool | None],
) -> None:
    past = gone_by(scene)
    with as_actor(scene.cast.school_editor) as by:
        invited = invite(scene, past)
        came = [invited[address].pk for address in ticked]
        record_outcome(by=by, touchpoint=past, outcome=outcome, came=came)
        after = {each.posting.details.email: each.came for each in invited_to(past)}

    assert after == noted


# ------------------------------------------------------------------ correcting


def recorded(scene: Scene, as_actor: Enter, outcome: str = "held", **more: Any) -> Touchpoint:
    past = gone_by(scene)
    with as_actor(scene.cast.school_editor) as by:
        return record_outcome(by=by, touchpoint=past, outcome=outcome, notes="First", **more)


def test_whoever_recorded_it_corrects_it_on_record(scene: Scene, as_actor: Enter) -> None:
    past = recorded(scene, as_actor)
    with as_actor(scene.cast.school_manager) as by:
        correct_outcome(by=by, touchpoint=past, outcome="missed", notes="Second")
        past.refresh_from_db()
        event = AuditEvent.objects.get(action="outcome corrected")

    assert (past.state, past.outcome_notes) == ("missed", "Second")
    assert past.outcome_by_id == by.user_id
    assert event.changes == {"state": ["held", "missed"], "outcome_notes": "changed"}


def test_only_the_organisation_that_recorded_it_corrects_it(scene: Scene, as_actor: Enter) -> None:
    past = recorded(scene, as_actor)
    with pytest.raises(PermissionDenied), as_actor(scene.cast.health_manager) as by:
        correct_outcome(by=by, touchpoint=past, outcome="missed")
    # Nor does the database let it.
    with (
        pytest.raises(DatabaseError, match="corrected by whoever"),
        as_actor(scene.cast.health_manager),
    ):
        Touchpoint.objects.filter(pk=past.pk).update(state="missed")


@pytest.mark.parametrize(("days", "fits"), [(13, True), (14, False)])
def test_an_outcome_is_corrected_for_two_weeks(
    scene: Scene, as_actor: Enter, clock: time_machine.Traveller, days: int, fits: bool
) -> None:
    past = recorded(scene, as_actor)
    assert past.outcome_at is not None
    clock.move_to(past.outcome_at + timedelta(days=days, hours=1))
    with as_actor(scene.cast.school_editor) as by:
        if fits:
            assert correct_outcome(by=by, touchpoint=past, outcome="missed").state == "missed"
        else:
            with pytest.raises(ValidationError, match="14 days"):
                correct_outcome(by=by, touchpoint=past, outcome="missed")


def test_what_was_cancelled_beforehand_is_not_brought_back(scene: Scene, as_actor: Enter) -> None:
    coming = schedule(scene)
    with as_actor(scene.cast.school_editor) as by:
        cancelled = cancel_touchpoint(by=by, touchpoint=coming)
        with pytest.raises(ValidationError, match="cancelled beforehand"):
            correct_outcome(by=by, touchpoint=cancelled, outcome="held")


def test_what_was_moved_by_mistake_keeps_its_new_day_and_gets_no_second_one(
    scene: Scene, as_actor: Enter
) -> None:
    past = recorded(scene, as_actor, "moved", **NEW_DAY)
    later = {"next_date": date(2027, 1, 28), "next_time": time(10)}
    with as_actor(scene.cast.school_editor) as by:
        with pytest.raises(ValidationError, match="moved already"):
            correct_outcome(by=by, touchpoint=past, outcome="moved", **later)
        correct_outcome(by=by, touchpoint=past, outcome="held")
        assert Touchpoint.objects.get(replaces=past).state == "scheduled"
        assert correct_outcome(by=by, touchpoint=past, outcome="moved").state == "moved"


# ------------------------------------------------------------------ the rhythm


@pytest.mark.parametrize(
    ("days", "outcome", "kept"),
    [(10, None, True), (10, "held", True), (10, "missed", False), (20, "held", False)],
)
def test_what_was_rearranged_within_a_fortnight_counts(
    scene: Scene,
    as_actor: Enter,
    clock: time_machine.Traveller,
    days: int,
    outcome: str | None,
    kept: bool,
) -> None:
    past = gone_by(scene, hours=6)
    new_day = past.starts_at.date() + timedelta(days=days)
    with as_actor(scene.cast.school_editor) as by:
        record_outcome(
            by=by, touchpoint=past, outcome="moved", next_date=new_day, next_time=time(10)
        )
        new = Touchpoint.objects.get(replaces=past)
    if outcome is not None:
        clock.move_to(new.ends_at)
        with as_actor(scene.cast.school_editor) as by:
            record_outcome(by=by, touchpoint=new, outcome=outcome)
    with as_actor(scene.cast.health_editor) as by:
        (occasion,) = kept_rhythm(by, scene.partnership)

    assert (occasion.ref, occasion.kept, occasion.rearranged) == (past.ref, kept, True)


def test_the_rhythm_is_that_of_the_last_three(scene: Scene, as_actor: Enter) -> None:
    for hours, outcome in ((90, "missed"), (70, "held"), (50, "held"), (30, "cancelled")):
        past = gone_by(scene, hours=hours)
        with as_actor(scene.cast.school_editor) as by:
            record_outcome(by=by, touchpoint=past, outcome=outcome)
    awaited = gone_by(scene, hours=4)
    schedule(scene)
    with as_actor(scene.cast.school_editor) as by:
        rhythm = kept_rhythm(by, scene.partnership)
    with as_actor(scene.cast.stranger) as by:
        assert kept_rhythm(by, scene.partnership) == []

    assert rhythm[0].ref == awaited.ref
    assert [each.kept for each in rhythm] == [None, False, True]
