"""Adding, changing, closing and reopening actions; who may, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calendars.london import today
from organisations.actor import Actor
from organisations.models import AuditEvent
from organisations.permissions import Hidden
from organisations.tenancy.scope import acting
from partnerships.actions import selectors
from partnerships.actions.models import Action
from partnerships.actions.owners import possible_owners
from partnerships.actions.services import (
    CHANGED_MEANWHILE,
    Line,
    add_action,
    add_actions,
    change_action,
    close_action,
    reopen_action,
)
from tests.actions import arranging
from tests.actions.arranging import DUE, TITLE, now, owner
from tests.record.test_at_once import Beside
from tests.touchpoints.scene import (
    COUNCIL_DEPUTY,
    HEALTH,
    HEALTH_DEPUTY,
    SCHOOL,
    SCHOOL_DEPUTY,
    Scene,
    refuse_mail,
)

Enter = Callable[[Actor], AbstractContextManager[Actor]]


def errors(refused: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return refused.value.message_dict


def test_either_side_gives_an_action_to_the_other_or_to_itself(scene: Scene) -> None:
    theirs = arranging.given(scene, to=HEALTH)
    ours = arranging.given(scene, to="me", title="Book the hall")
    back = arranging.given(scene, "health_editor", to="school", title="Name a deputy")

    assert theirs.owner_organisation == scene.cast.organisation("health")
    assert theirs.owner_posting_id == scene.postings[HEALTH].pk
    assert theirs.due_on == DUE
    assert ours.owner_user_id == scene.cast.users["school_editor"].pk
    assert (back.owner_posting_id, back.owner_user_id) == (None, None)
    assert back.author_organisation_id == scene.cast.organisation("health").pk
    assert now(scene, back).title == "Name a deputy"


def test_the_choices_are_oneself_each_contact_and_somebody_there(
    scene: Scene, as_actor: Enter
) -> None:
    with as_actor(scene.cast.school_editor) as by:
        words = [str(each) for each in possible_owners(by, scene.partnership)]
    council = scene.cast.organisation("council")

    assert words == [
        "Me, School editor, Windsor Academy Trust",
        "School named, Windsor Academy Trust (named contact)",
        "School deputy, Windsor Academy Trust (deputy)",
        "Someone at Windsor Academy Trust",
        "Health named, Walsall Healthcare NHS Trust (named contact)",
        "Health deputy, Walsall Healthcare NHS Trust (deputy)",
        "Someone at Walsall Healthcare NHS Trust",
        f"Council deputy, {council} (deputy)",
        f"Someone at {council}",
    ]


def test_whom_no_email_reaches_is_no_choice(scene: Scene, as_actor: Enter, superuser: Any) -> None:
    refuse_mail(superuser, HEALTH)
    arranging.leaves_post(superuser, scene.postings[SCHOOL_DEPUTY], date(2026, 12, 31))
    with as_actor(scene.cast.school_editor) as by:
        offered = {
            each.posting.details.email
            for each in possible_owners(by, scene.partnership)
            if each.posting
        }

    assert offered == {SCHOOL, HEALTH_DEPUTY, COUNCIL_DEPUTY}


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"title": "  "}, "title", "Enter what is to be done"),
        ({"title": "\u200b"}, "title", "Enter what is to be done"),
        ({"title": "a" * 201}, "title", "What is to be done must be 200 characters or fewer"),
        ({"details": "a" * 2001}, "details", "More about it must be 2,000 characters or fewer"),
        ({"due_on": date(2027, 1, 3)}, "due_on", "The day must be today or later"),
        ({"due_on": date(2077, 1, 3)}, "due_on", "The day must be within three years"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    scene: Scene, values: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        arranging.given(scene, **values)

    assert errors(refused) == {field: [words]}
    with pytest.raises(LookupError):
        arranging.given(scene, to="nobody@elsewhere.example")


def test_a_patients_number_is_refused_wherever_it_is_typed(scene: Scene, as_actor: Enter) -> None:
    for words in ({"title": "Ring about 943 476 5919"}, {"details": "For 9434765919"}):
        with pytest.raises(ValidationError, match="NHS number"):
            arranging.given(scene, **words)
    action = arranging.given(scene)
    with (
        as_actor(scene.cast.school_editor) as by,
        pytest.raises(ValidationError, match="NHS number"),
    ):
        close_action(by=by, action=action, state="done", note="It was 943 476 5919")


def test_the_same_twice_is_refused_while_it_is_open(scene: Scene, as_actor: Enter) -> None:
    action = arranging.given(scene)
    with pytest.raises(ValidationError, match="added this action already"):
        arranging.given(scene)
    arranging.given(scene, to="council")
    with as_actor(scene.cast.school_editor) as by:
        close_action(by=by, action=action, state="done")

    assert arranging.given(scene).pk != action.pk


def test_only_an_organisation_in_the_partnership_is_given_one(
    scene: Scene, as_actor: Enter
) -> None:
    with as_actor(scene.cast.school_editor) as by:
        stranger = owner(scene, by, "council")
        object.__setattr__(stranger, "organisation", scene.cast.organisation("other"))
        with pytest.raises(ValidationError, match="Choose who will do it"):
            add_action(by=by, partnership=scene.partnership, title="Forged", owner=stranger)


def test_several_are_added_at_once_with_what_they_arose_from(scene: Scene, as_actor: Enter) -> None:
    with as_actor(scene.cast.health_editor) as by:
        lines = [
            Line("Send the dates", owner(scene, by, SCHOOL), DUE),
            Line("Book a room", owner(scene, by, "me")),
        ]
        added = add_actions(by=by, partnership=scene.partnership, lines=lines, origin="t-abc")
        nothing = add_actions(by=by, partnership=scene.partnership, lines=[])

    assert [each.title for each in added] == ["Send the dates", "Book a room"]
    assert {each.origin for each in added} == {"t-abc"}
    assert nothing == []


def test_one_bad_line_adds_none(scene: Scene, as_actor: Enter) -> None:
    with as_actor(scene.cast.health_editor) as by:
        whom = owner(scene, by, SCHOOL)
        lines = [Line("Send the dates", whom), Line("", whom)]
        with pytest.raises(ValidationError):
            add_actions(by=by, partnership=scene.partnership, lines=lines)

    with as_actor(scene.cast.health_editor):
        assert Action.objects.count() == 0


@pytest.mark.parametrize("part", ["school_editor", "health_editor"])
def test_the_one_who_added_it_and_the_one_who_owns_it_change_it(
    scene: Scene, as_actor: Enter, part: str
) -> None:
    action = arranging.given(scene)
    with as_actor(scene.cast.actors[part]) as by:
        change_action(
            by=by,
            action=now(scene, action, part),
            title="Send the dates and times",
            owner=owner(scene, by, HEALTH_DEPUTY),
            due_on=DUE + timedelta(days=7),
            details="Of both halls",
            based_on=0,
        )
    changed = now(scene, action)

    assert (changed.title, changed.revision) == ("Send the dates and times", 1)
    assert changed.owner_posting == scene.postings[HEALTH_DEPUTY]
    assert changed.details == "Of both halls"


def test_the_same_again_changes_nothing(scene: Scene, as_actor: Enter) -> None:
    action = arranging.given(scene)
    with as_actor(scene.cast.school_editor) as by:
        whom = owner(scene, by, HEALTH)
        change_action(by=by, action=action, title=TITLE, owner=whom, due_on=DUE, details="")

    assert now(scene, action).revision == 0


def test_a_change_in_between_is_not_overwritten(scene: Scene, as_actor: Enter) -> None:
    action = arranging.given(scene)
    with as_actor(scene.cast.health_editor) as by:
        new = {"owner": owner(scene, by, HEALTH), "due_on": None, "details": ""}
        change_action(by=by, action=now(scene, action), title="Theirs", **new)
    with as_actor(scene.cast.school_editor) as by:
        new = {"owner": owner(scene, by, HEALTH), "due_on": None, "details": ""}
        with pytest.raises(ValidationError) as refused:
            change_action(by=by, action=action, title="Ours", based_on=0, **new)

    assert refused.value.code == CHANGED_MEANWHILE
    assert now(scene, action).title == "Theirs"


def test_an_overdue_action_keeps_its_day_while_other_things_change(
    scene: Scene, as_actor: Enter, clock: Any
) -> None:
    action = arranging.given(scene)
    clock.move_to(DUE + timedelta(days=5))
    with as_actor(scene.cast.school_editor) as by:
        whom = owner(scene, by, HEALTH)
        kept = change_action(
            by=by, action=action, title="Send them", owner=whom, due_on=DUE, details=""
        )
        with pytest.raises(ValidationError, match="today or later"):
            change_action(
                by=by,
                action=kept,
                title="Send them",
                owner=whom,
                due_on=DUE + timedelta(days=1),
                details="",
            )

    assert now(scene, action).title == "Send them"


def test_whoever_owns_it_now_may_keep_it_though_nobody_could_be_given_it_any_more(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    action = arranging.given(scene, to=HEALTH_DEPUTY)
    refuse_mail(superuser, HEALTH_DEPUTY)
    with as_actor(scene.cast.school_editor) as by:
        whom = next(
            each
            for each in possible_owners(by, scene.partnership)
            if each.organisation == scene.cast.organisation("health")
        )
        object.__setattr__(whom, "posting", scene.postings[HEALTH_DEPUTY])
        change_action(by=by, action=action, title="Send them", owner=whom, due_on=DUE, details="")

    assert now(scene, action).owner_posting == scene.postings[HEALTH_DEPUTY]


@pytest.mark.parametrize("part", ["school_editor", "health_editor"])
def test_either_side_closes_it_and_opens_it_again(scene: Scene, as_actor: Enter, part: str) -> None:
    action = arranging.given(scene)
    by = scene.cast.actors[part]
    with as_actor(by):
        close_action(by=by, action=now(scene, action, part), state="done", note=" Sent. ")
    closed = now(scene, action)
    with as_actor(by):
        reopen_action(by=by, action=closed)
    again = now(scene, action)

    assert (closed.state, closed.closing_note) == ("done", "Sent.")
    assert closed.closed_by == scene.cast.users[part]
    assert closed.closed_organisation_id == by.organisation_id
    assert (again.state, again.closed_at, again.closed_by) == ("open", None, None)
    assert again.closing_note == "Sent."


def test_dropping_wants_a_reason_and_nothing_is_closed_twice(scene: Scene, as_actor: Enter) -> None:
    action = arranging.given(scene)
    with as_actor(scene.cast.school_editor) as by:
        with pytest.raises(ValidationError, match="Enter why nobody will do it"):
            close_action(by=by, action=action, state="dropped", note=" ")
        with pytest.raises(ValidationError, match="Choose done or dropped"):
            close_action(by=by, action=action, state="open")
        with pytest.raises(ValidationError, match="open already"):
            reopen_action(by=by, action=action)
        close_action(by=by, action=action, state="dropped", note="The council does it.")
    with as_actor(scene.cast.health_editor) as by:
        with pytest.raises(ValidationError, match="Windsor Academy Trust has already recorded"):
            close_action(by=by, action=now(scene, action), state="done")
        new = {"title": "T", "owner": owner(scene, by, HEALTH), "due_on": None, "details": ""}
        with pytest.raises(ValidationError, match="has already recorded that this is dropped"):
            change_action(by=by, action=now(scene, action), **new)


def test_others_do_not_change_it_and_strangers_do_not_see_it(scene: Scene, as_actor: Enter) -> None:
    action = arranging.given(scene, to="me")
    with as_actor(scene.cast.health_editor) as by, pytest.raises(PermissionDenied):
        close_action(by=by, action=now(scene, action, "health_editor"), state="done")
    with as_actor(scene.cast.school_viewer) as by, pytest.raises(PermissionDenied):
        close_action(by=by, action=now(scene, action), state="done")
    with as_actor(scene.cast.stranger) as by, pytest.raises(Hidden):
        selectors.action_of(by, scene.partnership, action.ref)
    with as_actor(scene.cast.stranger):
        assert Action.objects.count() == 0


def test_nothing_is_added_to_a_closed_partnership(
    scene: Scene, as_actor: Enter, superuser: Any
) -> None:
    superuser.execute("UPDATE record_partnership SET closed_at = now()")
    with as_actor(scene.cast.school_editor) as by:
        scene.partnership.refresh_from_db()
        with pytest.raises(PermissionDenied):
            add_actions(by=by, partnership=scene.partnership, lines=[])


def test_each_step_is_on_record_without_its_words(scene: Scene, as_actor: Enter) -> None:
    action = arranging.given(scene)
    with as_actor(scene.cast.health_editor) as by:
        close_action(by=by, action=now(scene, action), state="done", note="Secret words")
        reopen_action(by=by, action=now(scene, action))
    with as_actor(scene.cast.school_editor):
        events = list(AuditEvent.objects.filter(object_id=action.pk).order_by("id"))

    mine = [each for each in events if each.object_table == "actions_action"]
    assert [each.action for each in mine] == ["action added", "action done", "action reopened"]
    assert "Secret" not in str([each.changes for each in mine])
    assert {each.organisation_id for each in mine[1:]} == {scene.cast.organisation("health").pk}


def test_open_ones_come_first_the_most_urgent_on_top_and_home_knows_both_sides(
    scene: Scene, as_actor: Enter, clock: Any
) -> None:
    later = arranging.given(scene, title="Later", due_on=DUE + timedelta(days=30))
    someday = arranging.given(scene, title="Some day", due_on=None)
    late = arranging.given(scene, title="Late")
    done = arranging.given(scene, title="Done")
    with as_actor(scene.cast.school_editor) as by:
        close_action(by=by, action=done, state="done")
    clock.move_to(DUE + timedelta(days=1))
    with as_actor(scene.cast.school_editor) as by:
        listed = list(selectors.actions_of(by, scene.partnership))
        closed = list(selectors.actions_of(by, scene.partnership, "closed"))
        opened = list(selectors.actions_of(by, scene.partnership, "open"))
        overdue = selectors.overdue_elsewhere(by, 5)
        to_do = selectors.waiting_for(by, 5)
    with as_actor(scene.cast.health_editor) as by:
        theirs = selectors.waiting_for(by, 5)

    assert listed == [late, later, someday, done]
    assert (closed, opened) == ([done], [late, later, someday])
    assert (overdue, to_do, theirs) == ([late], [], [late])


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None
)
@given(steps=st.lists(st.sampled_from(["done", "dropped", "open", "change"]), max_size=6))
def test_whatever_happens_it_is_open_or_closed_by_somebody(
    scene: Scene, as_actor: Enter, steps: list[str]
) -> None:
    action = arranging.given(scene, title=f"Action {Action.__name__} {id(steps)} {len(steps)}")
    for number, step in enumerate(steps):
        part = ("school_editor", "health_editor")[number % 2]
        with as_actor(scene.cast.actors[part]) as by:
            current = now(scene, action, part)
            try:
                if step == "open":
                    reopen_action(by=by, action=current)
                elif step == "change":
                    whom = owner(scene, by, HEALTH)
                    change_action(
                        by=by,
                        action=current,
                        title=f"{current.title} {number}",
                        owner=whom,
                        due_on=today() + timedelta(days=number),
                        details="",
                    )
                else:
                    close_action(by=by, action=current, state=step, note="Why")
            except ValidationError:
                assert current.is_open is (step == "open")
    end = now(scene, action)
    with as_actor(scene.cast.school_editor) as by:
        close_action(by=by, action=end, state="done") if end.is_open else None

    assert end.is_open is (end.closed_by is None)
    assert end.is_open is (end.closed_organisation is None)


def test_two_who_close_it_at_once_are_told_which_came_first(
    scene: Scene, superuser: psycopg.Connection[Any]
) -> None:
    action = arranging.given(scene, to=HEALTH)
    school, health = scene.cast.school_editor, scene.cast.health_editor

    def close() -> None:
        with acting(health.scope), transaction.atomic():
            close_action(by=health, action=action, state="done")

    with acting(school.scope), transaction.atomic():
        close_action(by=school, action=action, state="dropped", note="It is not wanted.")
        closing = Beside(close)
        closing.wait_until_blocked(superuser)
    (refusal,) = closing.ends_badly()
    assert isinstance(refusal, ValidationError)
    assert "Windsor Academy Trust has already recorded" in refusal.messages[0]
