"""What became of it? Asked at the right minute, of whoever may answer, and never in vain."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage

from calendars.london import in_london
from organisations.actor import Actor
from organisations.models import Delivery, Membership
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose
from organisations.outbox.kinds import Later
from partnerships.record.models import NamedContact, Partnership
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.outcome_asking import LATER, SOON, due_at
from partnerships.touchpoints.outcome_mail import first_lines
from partnerships.touchpoints.services import (
    cancel_touchpoint,
    correct_outcome,
    move_touchpoint,
    record_outcome,
)
from tests.touchpoints.scene import (
    COUNCIL_DEPUTY,
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
AUTHOR = "school-editor@tandem.example"
OUTCOME, RECORDED = "touchpoint_outcome", "touchpoint_outcome_recorded"


def asked(scene: Scene, offset: int, **more: Any) -> dict[str, Delivery]:
    rows = deliveries(scene, kind=OUTCOME, offset_minutes=offset, **more)
    return {row.recipient: row for row in rows}


def reason(delivery: Delivery) -> str:
    answer = compose(delivery)
    return answer.reason if isinstance(answer, NotNeeded) else ""


def at(when: datetime) -> str:
    return in_london(when).strftime("%a %d %b %H:%M")


@pytest.mark.parametrize(
    ("day", "clock_time", "minutes", "soon", "later"),
    [
        # An ordinary Thursday: three days on is a Sunday.
        (date(2027, 1, 14), time(15, 30), 30, "Thu 14 Jan 16:30", "Mon 18 Jan 09:00"),
        (date(2027, 1, 12), time(15, 30), 60, "Tue 12 Jan 17:00", "Fri 15 Jan 09:00"),
        # Good Friday and Easter Monday, and the clocks go forward in between.
        (date(2027, 3, 23), time(15, 30), 30, "Tue 23 Mar 16:30", "Tue 30 Mar 09:00"),
        # The clocks go back on 31 October: nine is nine.
        (date(2027, 10, 29), time(15, 30), 30, "Fri 29 Oct 16:30", "Mon 01 Nov 09:00"),
        # Christmas Day falls on a Saturday: Monday and Tuesday are taken off.
        (date(2027, 12, 22), time(9, 0), 30, "Wed 22 Dec 10:00", "Wed 29 Dec 09:00"),
        # In the night the clocks go back, half an hour is half an hour.
        (date(2027, 10, 30), time(23, 45), 30, "Sun 31 Oct 00:45", "Wed 03 Nov 09:00"),
    ],
)
def test_it_is_asked_half_an_hour_after_and_on_a_working_morning(
    scene: Scene, day: date, clock_time: time, minutes: int, soon: str, later: str
) -> None:
    schedule(scene, date=day, time=clock_time, minutes=minutes)

    assert {at(row.due_at) for row in asked(scene, SOON).values()} == {soon}
    assert {at(row.due_at) for row in asked(scene, LATER).values()} == {later}
    assert set(asked(scene, LATER)) == TOLD


@pytest.fixture
def over(scene: Scene, clock: time_machine.Traveller) -> Touchpoint:
    """A touchpoint that has just ended, with nobody having said anything."""
    touchpoint = schedule(scene)
    clock.move_to(due_at(touchpoint, SOON))
    return touchpoint


def test_the_author_is_asked_and_their_colleague_is_not(scene: Scene, over: Touchpoint) -> None:
    soon = asked(scene, SOON)
    assert set(soon) == {AUTHOR, SCHOOL}
    message = compose(soon[AUTHOR])

    assert isinstance(message, EmailMessage)
    assert message.subject == "Did it take place? Short update, Thursday 14 January 2027"
    assert "You organised this touchpoint. Did it take place?" in message.body
    for choice in ("held", "moved", "missed", "cancelled"):
        assert f"/?choice={choice}\n" in message.body
    assert "You get this email because you organise this touchpoint" in message.body
    assert reason(soon[SCHOOL]) == "Somebody else organises this touchpoint."


def test_once_the_author_has_left_their_organisations_contact_is_asked(
    scene: Scene, as_actor: Enter, over: Touchpoint
) -> None:
    with as_actor(scene.cast.school_manager):
        Membership.objects.filter(user_id=scene.cast.school_editor.user_id).update(
            ended_at=over.starts_at
        )
    soon = asked(scene, SOON)

    assert "no longer answer" in reason(soon[AUTHOR])
    assert isinstance(compose(soon[SCHOOL]), EmailMessage)


def test_everyone_invited_is_asked_after_three_days(
    scene: Scene, clock: time_machine.Traveller, over: Touchpoint
) -> None:
    clock.move_to(due_at(over, LATER))
    for delivery in asked(scene, LATER).values():
        message = compose(delivery)
        assert isinstance(message, EmailMessage)
        assert "Nobody has said yet what became of this touchpoint." in message.body
        assert "/outcome/" in message.body


@pytest.mark.parametrize("outcome", ["held", "missed", "cancelled"])
def test_nobody_is_asked_what_is_recorded(
    scene: Scene, as_actor: Enter, over: Touchpoint, outcome: str
) -> None:
    unsent = asked(scene, LATER)
    with as_actor(scene.cast.school_editor) as by:
        record_outcome(by=by, touchpoint=over, outcome=outcome)

    assert {row.state for row in deliveries(scene, kind=OUTCOME)} == {"cancelled"}
    # One that had been taken by a worker meanwhile is looked at once more.
    assert all(reason(row).startswith("The touchpoint is") for row in unsent.values())


def test_a_new_time_asks_at_its_own_time(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    before = asked(scene, LATER)
    with as_actor(scene.cast.school_editor) as by:
        moved = move_touchpoint(
            by=by, touchpoint=touchpoint, **plan(date=date(2027, 2, 2), time=time(10))
        )
    waiting = asked(scene, LATER, state="pending")

    assert {row.revision for row in waiting.values()} == {1}
    assert {row.due_at for row in waiting.values()} == {due_at(moved, LATER)}
    assert reason(before[HEALTH]) == "The touchpoint was changed; a later e-mail asks."


def test_a_cancelled_one_asks_nothing(scene: Scene, as_actor: Enter) -> None:
    touchpoint = schedule(scene)
    with as_actor(scene.cast.school_editor) as by:
        cancel_touchpoint(by=by, touchpoint=touchpoint)

    assert {row.state for row in deliveries(scene, kind=OUTCOME)} == {"cancelled"}


def test_a_provider_away_for_a_fortnight_is_caught_up_with_and_no_longer(
    scene: Scene, clock: time_machine.Traveller, over: Touchpoint
) -> None:
    row = asked(scene, LATER)[HEALTH]
    clock.move_to(due_at(over, LATER) + timedelta(days=14))
    assert isinstance(compose(row), EmailMessage)
    clock.move_to(due_at(over, LATER) + timedelta(days=14, minutes=1))
    assert reason(row) == "It could not be sent for two weeks."


def test_who_is_no_longer_the_contact_is_not_asked(
    scene: Scene, as_actor: Enter, over: Touchpoint
) -> None:
    with as_actor(scene.cast.health_editor):
        NamedContact.objects.filter(posting=scene.postings[HEALTH]).update(ended_at=over.ends_at)

    assert "No longer a contact" in reason(asked(scene, LATER)[HEALTH])
    assert isinstance(compose(asked(scene, LATER)[COUNCIL_DEPUTY]), EmailMessage)


@pytest.mark.parametrize(
    ("closed", "part"),
    [
        ("suspended_at = now()", "health"),
        ("left_at = now(), joined_at = NULL", "health"),
        ("suspended_at = now()", "school"),
        ("left_at = now(), joined_at = NULL", "school"),
    ],
)
def test_a_closed_organisation_is_not_asked_and_does_not_ask(
    scene: Scene, superuser: Any, over: Touchpoint, closed: str, part: str
) -> None:
    superuser.execute(
        f"UPDATE organisations_organisation SET {closed} WHERE id = %s",
        [scene.cast.organisation(part).pk],
    )

    assert reason(asked(scene, LATER)[HEALTH])


def test_a_closed_partnership_asks_nothing(scene: Scene, as_actor: Enter, over: Touchpoint) -> None:
    with as_actor(scene.cast.school_editor):
        Partnership.objects.update(closed_at=over.ends_at)

    assert reason(asked(scene, LATER)[HEALTH]) == "The partnership is closed."


# ------------------------------------------------------------------ the others learn of it


def told(scene: Scene) -> dict[str, Delivery]:
    return {row.recipient: row for row in deliveries(scene, kind=RECORDED, state="pending")}


def test_the_other_sides_get_the_notes(scene: Scene, as_actor: Enter, over: Touchpoint) -> None:
    with as_actor(scene.cast.health_editor) as by:
        record_outcome(by=by, touchpoint=over, outcome="held", notes="Rooms agreed.\nDates next.")
    message = compose(told(scene)[SCHOOL])

    assert set(told(scene)) == {SCHOOL, COUNCIL_DEPUTY}
    assert isinstance(message, EmailMessage)
    assert message.subject == "What was said: short update, Thursday 14 January 2027"
    assert "Walsall Healthcare NHS Trust has recorded what became" in message.body
    assert "Rooms agreed.\nDates next.\n" in message.body


def test_nothing_to_say_tells_nobody(scene: Scene, as_actor: Enter, over: Touchpoint) -> None:
    with as_actor(scene.cast.health_editor) as by:
        record_outcome(by=by, touchpoint=over, outcome="held", notes="  ")

    assert told(scene) == {}


def test_a_missed_one_is_told_gently_with_its_new_day(
    scene: Scene, as_actor: Enter, over: Touchpoint
) -> None:
    with as_actor(scene.cast.health_editor) as by:
        record_outcome(
            by=by,
            touchpoint=over,
            outcome="missed",
            notes="Nobody could leave the ward.",
            next_date=date(2027, 1, 21),
            next_time=time(10),
        )
    message = compose(told(scene)[SCHOOL])

    assert isinstance(message, EmailMessage)
    assert message.subject.startswith("We did not meet: short update")
    assert "did not come about, which happens" in message.body
    assert "New day: Thursday 21 January 2027 at 10am" in message.body


def test_after_a_correction_only_the_corrected_account_goes_out(
    scene: Scene, as_actor: Enter, clock: time_machine.Traveller, over: Touchpoint
) -> None:
    with as_actor(scene.cast.health_editor) as by:
        wrong = record_outcome(by=by, touchpoint=over, outcome="held", notes="Wrong meeting")
    first = told(scene)[SCHOOL]
    clock.shift(timedelta(minutes=5))
    with as_actor(scene.cast.health_editor) as by:
        correct_outcome(by=by, touchpoint=wrong, outcome="missed", notes="Right one")
    rows = deliveries(scene, kind=RECORDED, recipient=SCHOOL)

    assert reason(first) == "The outcome was recorded anew; a later e-mail tells."
    assert [isinstance(compose(row), EmailMessage) for row in rows] == [False, True]


def test_who_was_told_wrongly_is_told_again(
    scene: Scene, as_actor: Enter, clock: time_machine.Traveller, over: Touchpoint, superuser: Any
) -> None:
    with as_actor(scene.cast.health_editor) as by:
        wrong = record_outcome(by=by, touchpoint=over, outcome="held", notes="Wrong meeting")
    mark(superuser, "sent", kind=RECORDED)
    clock.shift(timedelta(minutes=5))
    with as_actor(scene.cast.health_editor) as by:
        correct_outcome(by=by, touchpoint=wrong, outcome="missed")

    assert set(told(scene)) == {SCHOOL, COUNCIL_DEPUTY}


@pytest.mark.parametrize(
    ("notes", "lines"),
    [
        ("", []),
        ("One\n\n Two ", ["One", "Two"]),
        ("\n".join("abcdef"), ["a", "b", "c", "d", "e", "…"]),
        ("x" * 600, ["x" * 500 + "…"]),
        (f"{'x' * 499}\nyyy", ["x" * 499, "y…"]),
    ],
)
def test_the_first_lines_of_notes(notes: str, lines: list[str]) -> None:
    assert first_lines(notes) == lines


def test_a_reminder_waits_while_its_sender_is_suspended_until_the_meeting_begins(
    scene: Scene, clock: time_machine.Traveller, superuser: Any
) -> None:
    touchpoint = schedule(scene)
    (reminder,) = deliveries(scene, kind="touchpoint_reminder", recipient=HEALTH)
    clock.move_to(reminder.due_at)
    suspend = "UPDATE organisations_organisation SET suspended_at = %s WHERE id = %s"
    school = scene.cast.organisation("school").pk
    superuser.execute(suspend, [reminder.due_at, school])
    held = compose(reminder)
    assert isinstance(held, Later)
    assert held.until == reminder.due_at + timedelta(hours=1)
    clock.move_to(touchpoint.starts_at - timedelta(minutes=10))
    last = compose(reminder)
    assert isinstance(last, Later)
    assert last.until == touchpoint.starts_at

    superuser.execute(suspend, [None, school])
    assert isinstance(compose(reminder), EmailMessage)

    superuser.execute(suspend, [reminder.due_at, school])
    clock.move_to(touchpoint.starts_at)
    assert "suspended" in reason(reminder)
