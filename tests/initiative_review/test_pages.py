"""The pages of a review: on one page, compared with what was seen, answered, taken back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.plans import services as plans
from initiatives.plans.models import Initiative
from initiatives.review.models import ReviewComment, ReviewRequest, SeenVersion, Verdict
from tests.initiative_review.arranging import (
    WORDS,
    answered,
    asked,
    commented,
    now,
    person_asked,
    planned,
    soon,
)
from tests.record.arranging import NHS_NUMBER, acting_as, once_in, sent, statements
from tests.touchpoints.scene import Scene

PAGE_STATEMENTS = 22


def page(scene: Scene, initiative: Initiative, name: str = "initiative-review", **more: Any) -> str:
    part = more.pop("part", "health")
    kwargs = {
        "organisation_slug": scene.cast.organisation(part).slug,
        "ref": scene.partnership.ref,
        "initiative": initiative.ref,
        **more,
    }
    return reverse(name, kwargs=kwargs)


def plan(scene: Scene, initiative: Initiative, **line: Any) -> None:
    """One more line, by whoever looks after it."""
    by = scene.cast.school_editor
    values = {"kind": "risk", "words": "The hall is booked", **line}
    with acting_as(by):
        plans.add_line(by=by, initiative=now(by, initiative), **values)


def rows(scene: Scene, model: Any, part: str = "school_editor") -> Any:
    with acting_as(scene.cast.actors[part]):
        return list(model.objects.all())


def days(name: str, day: Any) -> dict[str, str]:
    return {
        f"{name}_day": str(day.day),
        f"{name}_month": str(day.month),
        f"{name}_year": str(day.year),
    }


def test_a_reviewer_finds_everything_on_one_page(scene: Scene) -> None:
    initiative = planned(scene, template="mhst_dropin")
    plan(scene, initiative)
    plan(scene, initiative, kind="milestone", words="First session", due_on=soon(60))
    asked(scene, initiative)
    text = scene.cast.client("health_editor").get(page(scene, initiative)).text
    for words in (
        "Weekly drop-in",
        "Pupils can talk to somebody before lessons.",
        "Years 7 to 9",
        "Visible space",
        "The hall is booked",
        "First session",
        "Autumn 1",
        "Q2 2026/27",
        "Can you host this?",
        "Endorse or request changes",
        "Nobody is named yet",
    ):
        assert words in text, words
    assert "Who is asked" not in text


def test_home_and_the_page_of_the_initiative_lead_to_it(scene: Scene) -> None:
    initiative = planned(scene)
    client = scene.cast.client("health_editor")
    slug = scene.cast.organisation("health").slug
    first = reverse("initiative", args=[slug, scene.partnership.ref, initiative.ref])
    assert "Nobody has been asked to review it yet" in client.get(first).text
    asked(scene, initiative)
    home = client.get(reverse("home", args=[slug])).text
    assert "To review" in home
    assert page(scene, initiative) in home
    text = client.get(first).text
    assert "Waiting for" in text
    assert page(scene, initiative) in text


def test_what_has_changed_since_one_last_looked_is_told(scene: Scene) -> None:
    initiative = planned(scene)
    asked(scene, initiative)
    health, school = scene.cast.client("health_editor"), scene.cast.client("school_editor")
    assert "What has changed" not in health.get(page(scene, initiative)).text
    plan(scene, initiative)

    told = health.get(page(scene, initiative)).text
    again = health.get(page(scene, initiative)).text
    first = school.get(page(scene, initiative, part="school")).text

    for text in (told, again):
        part = text[text.index('id="since"') : text.index('id="whole"')]
        assert "You saw version 1" in part
        assert "The hall is booked" in part
    assert "What has changed" not in first
    assert [each.revision for each in rows(scene, SeenVersion, "health_editor")] == [1, 2]


def test_a_comment_is_added_to_its_section(scene: Scene) -> None:
    initiative = planned(scene)
    client = scene.cast.client("health_editor")
    url = page(scene, initiative)
    assert re.search(r'value="needs" selected', client.get(f"{url}?section=needs").text)

    done = sent(client, url, section="needs", text="Which room?")
    text = client.get(url).text

    assert done["Location"] == f"{url}#needs"
    assert "Which room?" in text[text.index('id="needs"') : text.index('id="risks"')]
    for bad, says in (
        ({"section": "needs", "text": ""}, "Enter a comment"),
        ({"section": "weather", "text": "Rain"}, "Choose what your comment is about"),
        ({"section": "needs", "text": NHS_NUMBER}, "NHS number"),
    ):
        assert says in sent(client, url, **bad).text
    assert len(rows(scene, ReviewComment)) == 1


def test_an_answer_is_sent_once_and_shown_with_the_version(scene: Scene) -> None:
    initiative = planned(scene)
    asked(scene, initiative)
    client = scene.cast.client("health_editor")
    url = page(scene, initiative, "answer-initiative-review")
    assert "Choose whether you endorse it" in sent(client, url).text
    assert "Enter what should change" in sent(client, url, kind="changes").text

    sent(client, url, kind="changes", words=WORDS)
    text = scene.cast.client("school_viewer").get(page(scene, initiative, part="school")).text

    assert "Changes requested" in text
    assert WORDS in text
    assert client.get(url)["Location"] == page(scene, initiative)
    plan(scene, initiative)
    later = scene.cast.client("school_viewer").get(page(scene, initiative, part="school")).text
    assert "Version 1, changed since" in later


def test_an_answer_to_a_page_that_is_out_of_date_is_asked_again(scene: Scene) -> None:
    initiative = planned(scene)
    asked(scene, initiative)
    client = scene.cast.client("health_editor")
    url = page(scene, initiative, "answer-initiative-review")
    form = client.get(url).text
    plan(scene, initiative)
    given = {"once": once_in(form), "based_on": "1", "kind": "endorsed"}

    refused = client.post(url, given).text
    assert "was changed after you opened this page" in refused
    assert 'name="based_on" value="2"' in refused
    assert rows(scene, Verdict) == []
    client.post(url, {**given, "once": once_in(refused), "based_on": "2"})
    assert [each.revision for each in rows(scene, Verdict)] == [2]


def test_an_organisation_is_asked_and_the_request_taken_back(scene: Scene) -> None:
    initiative = planned(scene)
    client = scene.cast.client("school_editor")
    url = page(scene, initiative, "ask-for-review", part="school")
    health = str(scene.cast.organisation("health").pk)
    assert "Enter the day" in sent(client, url, organisation=health).text
    assert "Ask a person" not in client.get(url).text

    done = sent(client, url, organisation=health, message="Look at needs", **days("due_on", soon()))
    mine = client.get(done["Location"]).text
    (request,) = rows(scene, ReviewRequest)
    again = sent(client, url, organisation=health, **days("due_on", soon())).text

    assert "Not acknowledged yet" in mine
    assert "They have been asked already" in again
    back = page(
        scene, initiative, "withdraw-review-request", part="school", request_ref=request.ref
    )
    sent(client, back)
    assert "Nobody is asked for a review" in client.get(done["Location"]).text
    assert client.get(back).status_code == 302


def test_a_manager_asks_a_person_who_sees_one_initiative_in_their_own_name(scene: Scene) -> None:
    initiative = planned(scene)
    url = page(scene, initiative, "ask-person-for-review", part="school")
    assert scene.cast.client("school_editor").get(url).status_code == 403
    manager, person = scene.cast.client("school_manager"), scene.cast.client("nobody")
    given = {
        "email": scene.cast.users["nobody"].email,
        "message": "",
        **days("due_on", soon()),
        **days("last_day", soon(40)),
    }
    assert "Nobody has confirmed" in sent(manager, url, **{**given, "email": "x@y.example"}).text
    sent(manager, url, **given)

    own = reverse("granted-initiative", args=[initiative.ref])
    assert initiative.name in person.get("/granted/").text
    text = person.get(own).text
    assert "asked you for a review" in text
    person.post(
        reverse("granted-initiative-arrived", args=[initiative.ref]), {"once": once_in(text)}
    )
    sent(person, own, section="aim", text="For whom?")
    sent(person, reverse("answer-granted-initiative", args=[initiative.ref]), kind="endorsed")
    shown = manager.get(page(scene, initiative, part="school")).text
    assert "Endorsed" in shown
    assert "For whom?" in shown
    assert person.get(page(scene, initiative, part="school")).status_code == 404

    end = re.search(r'href="([^"]+/access/\d+/end/)"', shown)
    assert end is not None
    sent(manager, end[1])
    assert person.get(own).status_code == 404
    assert initiative.name not in person.get("/granted/").text


def test_strangers_and_those_who_may_not(scene: Scene) -> None:
    initiative = planned(scene)
    asked(scene, initiative)
    person_asked(scene, initiative)
    own = reverse("granted-initiative", args=[initiative.ref])
    statuses = {
        part: scene.cast.client(part).get(own).status_code
        for part in ("stranger", "school_editor", "health_editor", "nobody")
    }
    assert statuses == {"stranger": 404, "school_editor": 404, "health_editor": 404, "nobody": 200}
    client = scene.cast.client("health_editor")
    assert client.get(page(scene, initiative, "ask-for-review")).status_code == 403
    assert scene.cast.client("stranger").get(page(scene, initiative)).status_code == 404
    viewer = scene.cast.client("school_viewer").get(page(scene, initiative, part="school")).text
    assert "Add a comment" not in viewer
    assert "Ask for a review" not in viewer


@pytest.mark.parametrize("number", [1, 12])
def test_the_page_asks_the_database_as_often_for_many_comments(scene: Scene, number: int) -> None:
    initiative = planned(scene)
    asked(scene, initiative)
    for count in range(number):
        plan(scene, initiative, words=f"Risk {count}")
        commented(scene.cast.health_editor, initiative, text=f"Comment {count}")
    client: Client = scene.cast.client("health_editor")
    client.get(page(scene, initiative))
    with CaptureQueriesContext(connection) as captured:
        client.get(page(scene, initiative))
    said = statements(captured)
    assert len(said) == PAGE_STATEMENTS, "\n".join(said)


def test_an_answered_review_is_led_to_by_its_e_mail(scene: Scene) -> None:
    initiative = planned(scene)
    request = person_asked(scene, initiative)
    link = f"/r/inr-{initiative.ref}/"
    assert scene.cast.client("health_editor").get(link)["Location"] == page(scene, initiative)
    own = reverse("granted-initiative", args=[initiative.ref])
    assert scene.cast.client("nobody").get(link)["Location"] == own
    assert scene.cast.client("stranger").get(link).status_code == 404
    assert request.is_open
    answered_by = scene.cast.actors["nobody"]
    assert answered(answered_by, request).given_by == "Nobody"
