"""The e-mails about an action: who gets which, when, and what is checked just before."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import psycopg
import time_machine
from django.core.mail import EmailMessage
from django.db import transaction
from hypothesis import given as holds
from hypothesis import strategies as st

from calendars.london import at_wall_clock, in_london
from calendars.working_days import is_working_day
from organisations.actor import Actor
from organisations.joining import leaving
from organisations.models import Delivery
from organisations.outbox import NotNeeded
from organisations.outbox.composing import compose, tell_refused
from organisations.outbox.kinds import Later
from organisations.people import handover
from organisations.people.handover import Successor
from organisations.tenancy.scope import acting
from partnerships.actions.models import Action
from partnerships.actions.plans import due_soon_at, overdue_at
from partnerships.actions.services import change_action, close_action, reopen_action
from partnerships.record.models import Member
from tests.actions.arranging import DUE, TITLE, given, leaves_post, now, owner
from tests.tenancy.world import leave
from tests.touchpoints.scene import (
    COUNCIL_DEPUTY,
    HEALTH,
    HEALTH_DEPUTY,
    SCHOOL,
    Scene,
    contact,
    deliveries,
    refuse_mail,
)

Enter = Callable[[Actor], AbstractContextManager[Actor]]
EDITOR = "school-editor@tandem.example"


def pending(scene: Scene, action: Action, kind: str = "") -> list[Delivery]:
    found = deliveries(scene, subject=action.ref, state="pending")
    return [each for each in found if each.kind.startswith(f"action_{kind}")]


def told(scene: Scene, action: Action) -> set[tuple[str, str]]:
    """Kind and address of what waits to be sent."""
    return {(e.kind.removeprefix("action_"), e.recipient) for e in pending(scene, action)}


def only(scene: Scene, action: Action, kind: str) -> Delivery:
    (found,) = pending(scene, action, kind)
    return found


def letter(delivery: Delivery) -> EmailMessage:
    message = compose(delivery)
    assert isinstance(message, EmailMessage), message
    return message


def text(delivery: Delivery) -> str:
    return " ".join(str(letter(delivery).body).split())


def reason(delivery: Delivery) -> str:
    message = compose(delivery)
    assert isinstance(message, NotNeeded)
    return message.reason


def test_the_owner_is_told_and_reminded_and_nobody_else(scene: Scene) -> None:
    action = given(scene)
    due, overdue = only(scene, action, "due"), only(scene, action, "overdue")

    assert told(scene, action) == {("given", HEALTH), ("due", HEALTH), ("overdue", HEALTH)}
    # Friday 22 January 2027: Wednesday before it, and the Monday after.
    assert in_london(due.due_at) == in_london(at_wall_clock(date(2027, 1, 20), time(9)))
    assert in_london(overdue.due_at) == in_london(at_wall_clock(date(2027, 1, 25), time(9)))


def test_what_one_takes_on_oneself_needs_no_telling(scene: Scene) -> None:
    action = given(scene, to="me")

    assert told(scene, action) == {("due", EDITOR), ("overdue", EDITOR)}


def test_someone_at_an_organisation_is_its_named_contact_or_deputy(scene: Scene) -> None:
    assert told(scene, given(scene, to="health", due_on=None)) == {("given", HEALTH)}
    assert told(scene, given(scene, to="council", due_on=None)) == {("given", COUNCIL_DEPUTY)}


def test_a_day_that_is_near_is_not_reminded_of_before(scene: Scene) -> None:
    action = given(scene, due_on=date(2027, 1, 5))

    assert told(scene, action) == {("given", HEALTH), ("overdue", HEALTH)}


def test_around_both_clock_changes_it_is_nine_on_london_clocks(scene: Scene) -> None:
    for due in (date(2027, 3, 29), date(2027, 10, 31), date(2027, 11, 1)):
        action = given(scene, title=f"By {due}", due_on=due)
        moments = [in_london(e.due_at) for e in pending(scene, action) if e.kind != "action_given"]
        assert {moment.time() for moment in moments} == {time(9)}
        assert min(moments).date() == due - timedelta(days=2)


@holds(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_of_any_day_two_days_before_and_the_next_working_day_at_nine(due: date) -> None:
    soon, late = in_london(due_soon_at(due)), in_london(overdue_at(due))

    assert (soon.date(), soon.time()) == (due - timedelta(days=2), time(9))
    assert late.time() == time(9)
    assert is_working_day(late.date())
    assert due < late.date() <= due + timedelta(days=6)


def test_the_letters_say_what_by_when_and_why(scene: Scene, clock: time_machine.Traveller) -> None:
    action = given(scene, details="Both halls")
    first = only(scene, action, "given")
    due, overdue = only(scene, action, "due"), only(scene, action, "overdue")

    assert letter(first).subject == f"To do: {TITLE}, by 22 January 2027"
    assert "Windsor Academy Trust has given Walsall Healthcare NHS Trust this action" in text(first)
    assert "By when: Friday 22 January 2027" in text(first)
    assert "Both halls" in text(first)
    assert f"/r/do-{action.ref}/" in text(first)
    assert "because this is yours to do" in text(first)
    assert "Windsor Academy Trust recorded your work address (source: Its website)" in text(first)
    clock.move_to(due.due_at)
    assert letter(due).subject == f"Due on Friday 22 January 2027: {TITLE}"
    clock.move_to(due.due_at + timedelta(days=1))
    assert letter(due).subject == f"Due tomorrow: {TITLE}"
    assert reason(overdue) == "It is not overdue."
    clock.move_to(overdue.due_at)
    assert letter(overdue).subject == f"Overdue: {TITLE}"
    assert "This is overdue by 3 days" in text(overdue)
    assert "the day is over" in reason(due).lower()


def test_nothing_goes_out_once_it_is_closed_changed_or_somebody_elses(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    done, moved, passed = (given(scene, title=each) for each in ("done", "moved", "passed"))
    kept = {each.pk: pending(scene, each) for each in (done, moved, passed)}
    with as_actor(scene.cast.health_editor) as by:
        close_action(by=by, action=now(scene, done), state="done")
        whom = owner(scene, by, HEALTH)
        later = {"owner": whom, "due_on": DUE + timedelta(days=7), "details": ""}
        change_action(by=by, action=now(scene, moved), title="moved", **later)
        whom = owner(scene, by, COUNCIL_DEPUTY)
        same = {"owner": whom, "due_on": DUE, "details": ""}
        change_action(by=by, action=now(scene, passed), title="passed", **same)

    assert told(scene, done) == {("done", EDITOR)}
    assert [each.revision for each in pending(scene, moved)] == [1, 1, 1]
    assert told(scene, passed) == {
        ("given", COUNCIL_DEPUTY), ("due", COUNCIL_DEPUTY), ("overdue", COUNCIL_DEPUTY)
    }  # fmt: skip
    # And those that a worker had taken already say so just before they would go.
    assert {reason(each) for each in kept[done.pk]} == {"The action is done."}
    changed = "The action was changed; a later e-mail tells how."
    assert {reason(each) for each in [*kept[moved.pk], *kept[passed.pk]]} == {changed}


def test_a_change_and_reopening_say_so(scene: Scene, as_actor: Enter) -> None:
    action = given(scene)
    with as_actor(scene.cast.school_editor) as by:
        new = {"owner": owner(scene, by, HEALTH), "due_on": None, "details": ""}
        changed = change_action(by=by, action=action, title="Send all dates", **new)
    news = only(scene, action, "given")
    subject, words = letter(news).subject, text(news)
    with as_actor(scene.cast.school_editor) as by:
        close_action(by=by, action=changed, state="dropped", note="The council does it")
    dropped = only(scene, action, "done")
    dropped_words = text(dropped)
    with as_actor(scene.cast.school_editor) as by:
        reopen_action(by=by, action=now(scene, action))

    assert subject == "Changed: Send all dates"
    assert "Windsor Academy Trust has changed this action" in words
    assert dropped.recipient == HEALTH
    assert "The council does it" in dropped_words
    assert letter(only(scene, action, "given")).subject == "Open again: Send all dates"


def test_whoever_added_it_hears_that_it_is_done(scene: Scene, as_actor: Enter) -> None:
    action = given(scene)
    with as_actor(scene.cast.health_editor) as by:
        close_action(by=by, action=now(scene, action), state="done", note="Sent on Monday")
    news = only(scene, action, "done")

    assert news.recipient == EDITOR
    assert letter(news).subject == f"Done: {TITLE}"
    assert "Walsall Healthcare NHS Trust has recorded that this is done" in text(news)
    assert "Sent on Monday" in text(news)


def test_a_contact_who_left_passes_it_to_the_one_named_next(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    action = given(scene, to="health")
    was = only(scene, action, "due")
    with as_actor(scene.cast.health_editor) as by:
        contact(
            by, scene.partnership, scene.cast,
            part="health", function="named", email="next@health.example",
        )  # fmt: skip

    assert reason(was) == "No longer the one who is to do it, or the address has changed."
    assert {("given", "next@health.example"), ("due", "next@health.example")} <= told(scene, action)


def test_the_person_left_or_their_address_refused_mail(scene: Scene, superuser: Any) -> None:
    left, refused = given(scene, to=HEALTH_DEPUTY), given(scene, to=HEALTH, title="Other")
    to_left, to_refused = only(scene, left, "given"), only(scene, refused, "given")
    leaves_post(superuser, scene.postings[HEALTH_DEPUTY], date(2027, 1, 1))
    refuse_mail(superuser, HEALTH)

    assert reason(to_left) == reason(to_refused)
    assert "No longer the one" in reason(to_left)


def test_a_refused_address_is_marked(scene: Scene, as_actor: Enter) -> None:
    delivery = only(scene, given(scene), "given")
    delivery.reason = "No such mailbox"
    tell_refused(delivery)
    with as_actor(scene.cast.school_editor):
        scene.postings[HEALTH].refresh_from_db()

    assert scene.postings[HEALTH].bounced_at is not None


def test_nothing_goes_to_or_from_who_left_the_partnership(scene: Scene, superuser: Any) -> None:
    to_health = given(scene)
    by_health = given(scene, "health_editor", to=SCHOOL, title="Book the hall")
    theirs, ours = only(scene, to_health, "due"), only(scene, by_health, "due")
    by = scene.cast.health_editor
    with acting(by.scope), transaction.atomic():
        member = Member.objects.get(
            partnership=scene.partnership, organisation_id=by.organisation_id
        )
        leave(member, by=by)

    assert "No longer the one" in reason(theirs)
    assert reason(ours) == "The organisation that sends this is no longer in the partnership."


def test_a_closed_partnership_reminds_of_nothing(scene: Scene, superuser: Any) -> None:
    delivery = only(scene, given(scene), "due")
    superuser.execute("UPDATE record_partnership SET closed_at = now()")

    assert reason(delivery) == "The partnership is closed."


def test_a_leavers_actions_pass_to_a_colleague(scene: Scene, as_actor: Enter) -> None:
    action = given(scene, to="me")
    cast = scene.cast
    with as_actor(cast.school_manager) as by:
        left = [each.kind.name for each in handover.left_by(by, cast.users["school_editor"])]
        moved = handover.move_all(
            by, cast.users["school_editor"], Successor(cast.users["school_manager"])
        )
    passed = now(scene, action)

    assert "actions" in left
    assert moved["actions"] == 1
    assert passed.owner_user == cast.users["school_manager"]
    # The manager did it, and so knows.
    assert told(scene, action) == {
        ("due", "school-manager@tandem.example"), ("overdue", "school-manager@tandem.example")
    }  # fmt: skip


def test_when_an_organisation_leaves_tandem(scene: Scene, as_actor: Enter) -> None:
    own = given(scene, "health_editor", to="me", title="Own")
    given_away = given(scene, "health_editor", to=SCHOOL, title="For the school")
    given_to_it = given(scene, title="For health")
    manager = scene.cast.health_manager
    with as_actor(manager) as by:
        assert by.organisation is not None
        leaving.leave(by=by, name=by.organisation.name)

    assert now(scene, own).state == "dropped"
    assert (now(scene, given_away).state, now(scene, given_to_it).state) == ("open", "open")
    assert told(scene, given_to_it) == set()
    assert told(scene, given_away) == {("due", SCHOOL), ("overdue", SCHOOL)}
    reminder = only(scene, given_away, "due")
    assert reminder.organisation_id == scene.cast.organisation("school").pk
    with time_machine.travel(datetime(2027, 1, 20, 9, tzinfo=UTC), tick=False):
        assert "Due on Friday 22 January 2027" in str(letter(reminder).subject)


def test_quiet_hours_hold_a_reminder_while_it_has_a_point(
    scene: Scene, clock: time_machine.Traveller, superuser: psycopg.Connection[Any]
) -> None:
    due = only(scene, given(scene), "due")
    superuser.execute(
        "INSERT INTO organisations_mailtimes (address, quiet_from, quiet_until, quiet_weekends) "
        "VALUES (%s, '18:00', '08:00', true)",
        [HEALTH],
    )
    superuser.execute(
        "UPDATE organisations_delivery SET state = 'taken', claimed_by = 'w', "
        "lease_until = now() + interval '1 hour' WHERE id = %s",
        [due.pk],
    )

    clock.move_to(at_wall_clock(DUE - timedelta(days=1), time(19)))
    held = compose(due)
    assert isinstance(held, Later)
    assert held.until == at_wall_clock(DUE, time(8))
    # Friday evening: on Monday morning the day would be over.
    clock.move_to(at_wall_clock(DUE, time(19)))
    assert letter(due).subject == f"Due today: {TITLE}"
