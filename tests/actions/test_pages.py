"""The pages of actions: adding, what each side sees, closing, conflicts, and the form part."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.actor import Actor
from partnerships.actions.models import Action
from partnerships.actions.services import change_action
from partnerships.conversations.models import Conversation
from tests.actions.arranging import DUE, TITLE, given, now, owner
from tests.touchpoints.pages import address, hidden_in, post, words
from tests.touchpoints.scene import HEALTH, Scene

Enter = Callable[[Actor], AbstractContextManager[Actor]]
DAY = {"due_on_day": "22", "due_on_month": "1", "due_on_year": "2027"}


def see(scene: Scene, name: str, part: str = "school_editor", **kwargs: str) -> str:
    response = scene.cast.client(part).get(address(scene, name, part, **kwargs))
    assert response.status_code == 200
    return words(response)


def home(scene: Scene, part: str) -> str:
    actor = scene.cast.actors[part]
    assert actor.organisation is not None
    return words(scene.cast.client(part).get(reverse("home", args=[actor.organisation.slug])))


def person(scene: Scene, email: str) -> str:
    return f"person-{scene.postings[email].ref}"


def test_an_action_is_added_and_both_sides_see_it(scene: Scene) -> None:
    assert "No actions yet" in see(scene, "actions")
    shown = post(
        scene, address(scene, "add-action"), title=TITLE, owner=person(scene, HEALTH), **DAY
    )
    theirs = see(scene, "actions", "health_editor")

    assert "Action added" in shown.text
    assert "Who Health named, Walsall Healthcare NHS Trust" in words(shown)
    assert "By when Friday 22 January 2027" in words(shown)
    assert "Message What to do Status Waiting" in words(shown)
    assert "Who Health named, Walsall Healthcare NHS Trust By when 22 January 2027" in theirs
    assert TITLE in see(scene, "partnership", "health_editor")


def test_what_is_refused_keeps_what_was_typed(scene: Scene) -> None:
    refused = post(scene, address(scene, "add-action"), title="", details="Kept words")

    assert "Enter what is to be done" in refused.text
    assert "Choose who will do it" in refused.text
    assert "Kept words" in refused.text


def test_overdue_ones_show_in_words_and_on_both_homes(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    given(scene)
    soon = home(scene, "health_editor")
    clock.move_to(DUE + timedelta(days=3))
    ours, theirs = home(scene, "school_editor"), home(scene, "health_editor")

    assert TITLE not in soon
    assert f"Ask about: {TITLE}" in ours
    assert TITLE in theirs
    assert "Ask about" not in theirs
    assert "overdue by 3 days" in ours
    assert "overdue by 3 days" in theirs
    assert "Overdue" in see(scene, "actions")


def test_it_is_done_in_one_click_with_a_word_and_opened_again(scene: Scene) -> None:
    action = given(scene)
    page = address(scene, "action", "health_editor", action=action.ref)
    client = scene.cast.client("health_editor")
    done_at = address(scene, "action-done", "health_editor", action=action.ref)
    done = client.post(done_at, {**hidden_in(client.get(page)), "note": "All sent."}, follow=True)
    late = client.get(done_at, follow=True)
    again = post(scene, address(scene, "action-reopen", action=action.ref))

    assert "Done. Recorded by Health editor, Walsall Healthcare NHS Trust" in words(done)
    assert "All sent." in words(done)
    assert "It is on record already: done." in late.text
    assert "Action opened again" in again.text
    assert "What was said when it was closed before All sent." in words(again)


def test_dropping_asks_why(scene: Scene) -> None:
    url = address(scene, "action-drop", action=given(scene).ref)
    unsaid = post(scene, url, note="")
    dropped = post(scene, url, note="The council does it.")

    assert "Enter why nobody will do it" in unsaid.text
    assert "The council does it." in words(dropped)
    assert TITLE not in see(scene, "partnership")


def test_a_change_in_between_is_shown_before_anything_is_overwritten(
    scene: Scene, as_actor: Enter
) -> None:
    action = given(scene)
    url = address(scene, "action-change", action=action.ref)
    client = scene.cast.client("school_editor")
    opened = hidden_in(client.get(url))
    with as_actor(scene.cast.health_editor) as by:
        new = {"owner": owner(scene, by, HEALTH), "due_on": DUE, "details": ""}
        change_action(by=by, action=now(scene, action), title="Theirs", **new)
    typed = {"title": "Mine", "owner": person(scene, HEALTH), "details": "", **DAY}
    warned = client.post(url, {**opened, **typed})
    saved = client.post(url, {**hidden_in(warned), **typed}, follow=True)

    assert "This action was changed while you were writing" in warned.text
    assert 'value="Mine"' in warned.text
    assert "Action changed" in saved.text


def test_who_has_no_part_in_it_is_told_who_may_change_it(scene: Scene) -> None:
    action = given(scene, to="me")
    theirs = see(scene, "action", "health_editor", action=action.ref)

    assert "Only Windsor Academy Trust, which added it, can change or close it" in theirs
    assert "Mark as done" not in theirs
    assert "Mark as done" not in see(scene, "action", "school_viewer", action=action.ref)


def test_the_neutral_link_leads_each_side_to_its_own_page(scene: Scene) -> None:
    action = given(scene)
    for part in ("school_editor", "health_editor"):
        led = scene.cast.client(part).get(f"/r/do-{action.ref}/")
        assert led.headers["Location"] == address(scene, "action", part, action=action.ref)
    assert scene.cast.client("stranger").get(f"/r/do-{action.ref}/").status_code == 404


def test_a_list_of_many_costs_no_more_than_one_of_few(scene: Scene) -> None:
    def queries(name: str) -> int:
        client = scene.cast.client("school_editor")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address(scene, name)).status_code == 200
        return len(captured)

    given(scene, title="First")
    few = [queries("actions"), queries("partnership")]
    for number in range(9):
        given(scene, title=f"Action {number}", to=("me", HEALTH, "council")[number % 3])

    assert [queries("actions"), queries("partnership")] == few


def log(scene: Scene, **values: Any) -> Any:
    said = {
        "summary": "Agreed the dates",
        "held_on_day": "4",
        "held_on_month": "1",
        "held_on_year": "2027",
        "audience": "shared",
        "kind": "meeting",
        **values,
    }
    return post(scene, address(scene, "log-conversation"), **said)


def test_a_conversation_brings_its_actions(scene: Scene, as_actor: Enter) -> None:
    logged = log(
        scene,
        action_1_what="Send the dates",
        action_1_who=person(scene, HEALTH),
        action_1_by_day="22",
        action_1_by_month="1",
        action_1_by_year="2027",
        action_3_what="Book the hall",
        action_3_who="me",
    )
    with as_actor(scene.cast.school_editor):
        found = list(Action.objects.order_by("pk").values_list("title", "due_on"))

    assert "Conversation logged" in logged.text
    assert found == [("Send the dates", DUE), ("Book the hall", None)]


def test_a_row_that_is_wrong_is_named_and_nothing_is_logged(scene: Scene, as_actor: Enter) -> None:
    refused = log(
        scene,
        action_1_what="Send the dates",
        action_2_who="me",
        action_3_what="Book the hall",
        action_3_who="nobody",
        action_3_by_day="31",
        action_3_by_month="2",
        action_3_by_year="2027",
    )
    past = log(
        scene,
        action_2_what="Send the dates",
        action_2_who="me",
        action_2_by_day="1",
        action_2_by_month="1",
        action_2_by_year="2027",
    )
    with as_actor(scene.cast.school_editor):
        logged = (Conversation.objects.count(), Action.objects.count())

    for said in (
        "Action 1: choose who will do it",
        "Action 2: enter what is to be done",
        "Action 3: choose who will do it",
        "Action 3: enter a real date",
    ):
        assert said in refused.text
    assert "Action 2: the day must be today or later" in past.text
    assert "Send the dates" in refused.text
    assert "<details" in refused.text
    assert logged == (0, 0)
