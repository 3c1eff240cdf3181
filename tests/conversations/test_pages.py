"""The pages of conversations as each of the cast meets them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from calendars.london import today
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.conversations.models import Conversation
from partnerships.conversations.services import change_conversation, log_conversation
from tests.cast import Cast
from tests.photographs import Photographs
from tests.touchpoints.pages import address, hidden_in, post, words
from tests.touchpoints.scene import Scene, arrange

Enter = Callable[[Actor], AbstractContextManager[Actor]]


@pytest.fixture
def scene(cast: Cast, photographs: Photographs) -> Scene:
    return photographs.show(arrange, cast)


def answers(**more: str) -> dict[str, str]:
    day = today()
    return {
        "summary": "We agreed on Tuesdays.",
        "held_on_day": str(day.day),
        "held_on_month": str(day.month),
        "held_on_year": str(day.year),
        "audience": "shared",
        **more,
    }


def log(scene: Scene, part: str = "school_editor", **more: Any) -> Conversation:
    by = scene.cast.actors[part]
    values = {
        "kind": "meeting",
        "held_on": date(2026, 11, 2),
        "summary": "We agreed.",
        "internal": False,
    }
    with acting(by.scope), transaction.atomic():
        return log_conversation(by=by, partnership=scene.partnership, **values | more)


def listed(scene: Scene, part: str) -> str:
    return words(scene.cast.client(part).get(address(scene, "conversations", part)))


def test_three_answers_log_a_conversation(scene: Scene) -> None:
    url = address(scene, "log-conversation")
    page = scene.cast.client("school_editor").get(url)
    assert f'value="{today().day}"' in page.content.decode()
    assert "Walsall Healthcare NHS Trust sees it as soon as you save it" in words(page)
    done = words(post(scene, url, **answers()))

    assert "Conversation logged" in done
    assert "We agreed on Tuesdays." in done
    assert "Meeting" in listed(scene, "health_manager")


def test_a_note_for_ones_own_side_is_on_no_page_of_the_other(scene: Scene) -> None:
    url = address(scene, "log-conversation", "health_editor")
    post(scene, url, "health_editor", **answers(summary="Between us", audience="internal"))
    note = log(scene, "health_editor", internal=True, summary="Also between us")

    assert "Between us" in listed(scene, "health_manager")
    assert "Only Walsall Healthcare NHS Trust" in listed(scene, "health_manager")
    for part in ("school_editor", "school_viewer"):
        client = scene.cast.client(part)
        for name in ("conversations", "partnership"):
            page = client.get(address(scene, name, part)).content.decode()
            assert "etween us" not in page
        change = address(scene, "conversation-change", part, conversation=note.ref)
        assert client.get(change).status_code == 404


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"summary": " \n "}, "Enter what was said"),
        ({"audience": ""}, "Choose who can see it"),
        ({"held_on_day": ""}, "Date must include a day"),
        ({"held_on_year": "1999"}, "must be in 2000 or later"),
        ({"held_on_year": "2099"}, "must be today or in the past"),
        ({"summary": "About 943 476 5919"}, "NHS number"),
        ({"summary": "x" * 4001}, "4,000 characters or fewer"),
    ],
)
def test_what_cannot_be_is_said_and_typing_is_kept(
    scene: Scene, more: dict[str, str], error: str
) -> None:
    values = answers(**more)
    response = post(scene, address(scene, "log-conversation"), **values)

    assert words(response).count(error) == 2
    assert values["summary"].strip() in response.content.decode()
    assert "No conversations yet" in listed(scene, "school_editor")


def test_posted_twice_it_is_logged_once(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    url = address(scene, "log-conversation")
    values = {**hidden_in(client.get(url)), **answers()}
    first, second = client.post(url, values), client.post(url, values)

    assert first["Location"] == second["Location"]
    assert "1 conversation, newest first" in listed(scene, "school_editor")


def test_refused_once_it_can_be_put_right_with_the_same_form(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    url = address(scene, "log-conversation")
    tomorrow = today() + timedelta(days=1)
    late = {
        "held_on_day": str(tomorrow.day),
        "held_on_month": str(tomorrow.month),
        "held_on_year": str(tomorrow.year),
    }
    refused = client.post(url, {**hidden_in(client.get(url)), **answers(**late)})
    done = client.post(url, {**hidden_in(refused), **answers()}, follow=True)

    assert "Conversation logged" in words(done)


@pytest.mark.parametrize(
    ("part", "status"),
    [("school_viewer", 403), ("stranger", 404), ("council_editor", 404), (None, 302)],
)
def test_the_forms_are_for_those_who_may(scene: Scene, part: str | None, status: int) -> None:
    logged = log(scene)
    client = scene.cast.client(part)
    acting_as = part or "school_editor"
    for url in (
        address(scene, "log-conversation", acting_as),
        address(scene, "conversation-change", acting_as, conversation=logged.ref),
        address(scene, "conversation-withdraw", acting_as, conversation=logged.ref),
    ):
        assert client.get(url).status_code == status
        assert client.post(url, answers()).status_code == status


def test_the_other_side_reads_and_does_not_change(scene: Scene) -> None:
    logged = log(scene)
    client = scene.cast.client("health_editor")
    for name in ("conversation-change", "conversation-withdraw"):
        url = address(scene, name, "health_editor", conversation=logged.ref)
        assert client.get(url).status_code == 403
    assert "Change" not in listed(scene, "health_editor")


@pytest.mark.parametrize(
    ("internal", "audience", "question"),
    [
        (True, "shared", "Confirm that partners should see it from now on"),
        (False, "internal", "Confirm that partners should no longer see it"),
    ],
)
def test_who_sees_it_is_changed_on_purpose(
    scene: Scene, internal: bool, audience: str, question: str
) -> None:
    logged = log(scene, internal=internal)
    url = address(scene, "conversation-change", conversation=logged.ref)
    assert question in words(post(scene, url, **answers(audience=audience)))
    done = words(post(scene, url, **answers(audience=audience, confirmed="on")))

    assert "Conversation changed" in done
    assert ("We agreed on Tuesdays." in listed(scene, "health_manager")) is internal


def test_two_who_change_it_at_once_see_both_texts(scene: Scene, as_actor: Enter) -> None:
    logged = log(scene)
    client = scene.cast.client("school_manager")
    url = address(scene, "conversation-change", "school_manager", conversation=logged.ref)
    opened = client.get(url)
    with as_actor(scene.cast.school_editor) as by:
        change_conversation(
            by=by,
            conversation=logged,
            kind="call",
            held_on=date(2026, 11, 2),
            summary="Theirs",
            internal=False,
            based_on=None,
        )
    refused = client.post(url, {**hidden_in(opened), **answers(summary="Mine")})
    assert "Nothing is lost" in words(refused)
    assert "Theirs" in words(refused)
    assert "Mine" in words(refused)
    done = client.post(url, {**hidden_in(refused), **answers(summary="Both")}, follow=True)

    assert "Both" in words(done)
    assert "Theirs" not in listed(scene, "school_editor")


def test_withdrawing_leaves_a_line_in_the_record(scene: Scene) -> None:
    logged = log(scene, summary="Said too soon")
    url = address(scene, "conversation-withdraw", conversation=logged.ref)
    assert "Conversation withdrawn" in words(post(scene, url))
    for part in ("school_editor", "health_manager"):
        page = listed(scene, part)
        assert "Withdrawn on" in page
        assert "by School editor, Windsor Academy Trust" in page
        assert "Said too soon" not in page
    again = scene.cast.client("school_editor").get(url, follow=True)
    assert "has been withdrawn and can no longer be changed" in words(again)


def test_what_people_typed_is_text_not_markup(scene: Scene) -> None:
    log(scene, summary="<script>alert(1)</script>")
    html = scene.cast.client("health_editor").get(address(scene, "conversations", "health_editor"))

    assert "&lt;script&gt;alert(1)" in html.content.decode()


def statements(scene: Scene, name: str) -> int:
    client = scene.cast.client("school_editor")
    client.get(address(scene, name))
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address(scene, name)).status_code == 200
    return len(seen)


def test_the_lists_statements_do_not_grow_and_it_has_pages(scene: Scene) -> None:
    log(scene, summary="The first")
    few = statements(scene, "conversations")
    for number in range(40):
        log(scene, summary=f"Number {number}", internal=bool(number % 2))

    assert statements(scene, "conversations") == few
    assert few <= 8
    client = scene.cast.client("school_editor")
    second = words(client.get(address(scene, "conversations") + "?page=2"))
    assert second.count("School editor, Windsor") == 16
    assert "The first" in second
