"""The link with which an owner whose organisation does not see the partnership says it is done."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.http import HttpResponse
from django.test import Client

from organisations.actor import Actor
from organisations.models import AuditEvent
from organisations.outbox.composing import compose
from partnerships.actions.models import Action
from partnerships.actions.services import change_action, close_action
from tests.actions.arranging import TITLE, given, now, owner
from tests.touchpoints.pages import hidden_in, words
from tests.touchpoints.scene import COUNCIL_DEPUTY, HEALTH, Scene, deliveries, refuse_mail

Enter = Callable[[Actor], AbstractContextManager[Actor]]


def body(scene: Scene, action: Action, kind: str = "action_given") -> str:
    (delivery,) = deliveries(scene, subject=action.ref, kind=kind)
    return str(compose(delivery).body)  # type: ignore[union-attr]


def link(scene: Scene, action: Action, kind: str = "action_given") -> str:
    found = re.search(r"https?://[^/\s]+(/action/\S+)", body(scene, action, kind))
    assert found is not None
    return found[1]


def answer(url: str, **values: Any) -> HttpResponse:
    client = Client()
    opened = client.get(url)
    return client.post(url, {**hidden_in(opened), **values}, follow=True)


def test_it_is_for_those_who_do_not_see_the_record(scene: Scene) -> None:
    council, health = given(scene, to=COUNCIL_DEPUTY), given(scene, to=HEALTH)

    assert "/action/" in body(scene, council)
    assert "you need no account" in body(scene, council)
    assert "/action/" not in body(scene, health)


def test_opening_changes_nothing_and_answering_closes_it(scene: Scene, as_actor: Enter) -> None:
    action = given(scene, to=COUNCIL_DEPUTY)
    url = link(scene, action)
    client = Client()
    shown, again = client.get(url), client.head(url)
    before = now(scene, action).state
    answered = answer(url, note="The dates are out.")
    done = now(scene, action)
    with as_actor(scene.cast.school_editor):
        event = AuditEvent.objects.filter(action="action done", object_id=action.pk).get()

    assert (shown.status_code, again.status_code) == (200, 200)
    assert "Is this done?" in words(shown)
    assert TITLE in words(shown)
    assert shown.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in shown.headers["Cache-Control"]
    assert before == "open"
    assert "Thank you: this is done" in words(answered)
    assert (done.state, done.closing_note) == ("done", "The dates are out.")
    assert done.closed_posting == scene.postings[COUNCIL_DEPUTY]
    assert done.closed_organisation == scene.cast.organisation("council")
    assert (event.user_id, event.changes["by"]) == (None, "link")
    assert "dates are out" not in str(event.changes)


def test_whoever_added_it_is_told_and_the_owner_is_not_reminded_any_more(scene: Scene) -> None:
    action = given(scene, to=COUNCIL_DEPUTY)
    answer(link(scene, action), note="")
    waiting = {
        (each.kind, each.recipient)
        for each in deliveries(scene, subject=action.ref, state="pending")
    }

    assert waiting == {("action_done", "school-editor@tandem.example")}
    assert "with the link in an email" in words(
        scene.cast.client("school_editor").get(
            f"/o/{scene.cast.organisation('school').slug}/partnerships/{scene.partnership.ref}"
            f"/actions/{action.ref}/"
        )
    )


def test_a_patients_number_is_refused_and_what_was_typed_stays(scene: Scene) -> None:
    action = given(scene, to=COUNCIL_DEPUTY)
    refused = answer(link(scene, action), note="About 943 476 5919")

    assert "NHS number" in words(refused)
    assert now(scene, action).state == "open"


def test_it_is_done_once_whoever_was_first(scene: Scene, as_actor: Enter) -> None:
    action = given(scene, to=COUNCIL_DEPUTY)
    url = link(scene, action)
    client = Client()
    opened = client.get(url)
    with as_actor(scene.cast.school_editor) as by:
        close_action(by=by, action=action, state="dropped", note="We did it ourselves.")
    late = client.post(url, hidden_in(opened), follow=True)

    assert "Nothing more to do" in words(late)
    assert "We did it ourselves." in words(late)
    assert now(scene, action).state == "dropped"


def test_it_ends_with_whose_it_is(scene: Scene, as_actor: Enter, superuser: Any) -> None:
    passed, refused = given(scene, to=COUNCIL_DEPUTY), given(scene, to="council", title="Other")
    links = [link(scene, passed), link(scene, refused)]
    with as_actor(scene.cast.school_editor) as by:
        new = {"owner": owner(scene, by, HEALTH), "due_on": None, "details": ""}
        change_action(by=by, action=passed, title=TITLE, **new)
    refuse_mail(superuser, COUNCIL_DEPUTY)
    over = [Client().get(url) for url in links]
    posted = Client().post(links[0], {"note": "Mine"})

    assert {each.status_code for each in [*over, posted]} == {410}
    assert "This link no longer works" in words(over[0])
    assert TITLE not in words(over[0])
    assert now(scene, passed).state == "open"


def test_a_suspended_or_closed_side_opens_nothing(scene: Scene, superuser: Any) -> None:
    url = link(scene, given(scene, to=COUNCIL_DEPUTY))
    superuser.execute("UPDATE record_partnership SET closed_at = now()")
    closed = Client().get(url).status_code
    superuser.execute("UPDATE record_partnership SET closed_at = NULL")
    superuser.execute(
        "UPDATE organisations_organisation SET suspended_at = now() WHERE id = %s",
        [scene.cast.organisation("school").pk],
    )

    assert (closed, Client().get(url).status_code) == (410, 410)


def test_a_forged_link_is_not_found(scene: Scene) -> None:
    url = link(scene, given(scene, to=COUNCIL_DEPUTY))
    forged = [url[:-3] + "zz/", "/action/nothing/", "/action/" + "a" * 500 + "/"]

    assert [Client().get(each).status_code for each in forged] == [404, 404, 404]


def test_a_later_reminder_has_a_link_of_its_own_that_works_too(scene: Scene) -> None:
    action = given(scene, to=COUNCIL_DEPUTY)
    first, reminder = link(scene, action), link(scene, action, "action_due")

    assert first != reminder
    assert "Thank you" in words(answer(reminder, note=""))
    assert "Thank you" in words(Client().get(first))
