"""The pages behind the link in every e-mail about a touchpoint: coming or not, another time."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time, timedelta
from typing import Any

import psycopg
import pytest
import time_machine
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.test import Client

from organisations.actor import Actor
from organisations.models import AuditEvent
from organisations.outbox.composing import reference_of
from organisations.tenancy.scope import acting
from partnerships.record.models import Member, MemberState, NamedContact, Partnership
from partnerships.touchpoints import answer_links
from partnerships.touchpoints.models import Proposal, Touchpoint
from partnerships.touchpoints.services import (
    add_paper,
    cancel_touchpoint,
    invite_people,
    move_touchpoint,
    propose_time,
    take_off,
)
from tests.record.test_at_once import Beside
from tests.touchpoints.attending import attendee, invited, somebody
from tests.touchpoints.pages import words
from tests.touchpoints.scene import (
    COUNCIL_DEPUTY,
    HEALTH,
    Scene,
    deliveries,
    plan,
    schedule,
)

Enter = Callable[[Actor], AbstractContextManager[Actor]]
ANSWERS = ["accepted", "tentative", "declined"]
LATER = {
    "date_day": "21",
    "date_month": "1",
    "date_year": "2027",
    "time": "9am",
    "minutes": "30",
    "words": "We are in court.",
}
BOTH = pytest.mark.parametrize("below", ["", "another-time/"])


def link(scene: Scene, recipient: str = HEALTH, below: str = "") -> str:
    """The address behind the link in somebody's invitation, below the host."""
    (delivery,) = deliveries(
        scene, kind="touchpoint_invitation", recipient=recipient, offset_minutes=0
    )
    return answer_links.address_for(delivery).removeprefix(settings.BASE_URL) + below


@pytest.fixture
def coming(scene: Scene) -> Touchpoint:
    return schedule(scene)


def proposals(scene: Scene) -> list[Proposal]:
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        return list(Proposal.objects.order_by("pk"))


def changed_nothing(scene: Scene, touchpoint: Touchpoint) -> bool:
    return set(invited(scene, touchpoint).values()) == {"none"} and not proposals(scene)


@BOTH
def test_opening_a_page_answers_and_proposes_nothing(
    scene: Scene, coming: Touchpoint, below: str
) -> None:
    """Programs that look at links before their reader does use GET and HEAD."""
    path = link(scene, below=below)
    for said in ({}, {"answer": "declined", "seen_revision": "0", **LATER}):
        assert Client().get(path, said).status_code == 200
        assert Client().head(path, said).status_code == 200
    for method in ("put", "delete", "patch"):
        assert getattr(Client(), method)(path).status_code == 405

    assert changed_nothing(scene, coming)


@BOTH
def test_a_page_is_kept_by_nobody_and_tells_no_other_host(
    scene: Scene, coming: Touchpoint, below: str
) -> None:
    """`same-origin` tells a paper's host nothing; with `no-referrer` the form could not be sent.

    Only the cookie that guards the form is set: nobody is signed in, nobody known again.
    """
    response = Client().get(link(scene, below=below))

    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert set(response.cookies) <= {settings.CSRF_COOKIE_NAME}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("recipient", [HEALTH, COUNCIL_DEPUTY])
def test_a_button_answers(
    scene: Scene, as_actor: Enter, coming: Touchpoint, recipient: str, answer: str
) -> None:
    """The council has not joined: its contact answers all the same."""
    client = Client()
    response = client.post(
        link(scene, recipient), {"answer": answer, "seen_revision": "0"}, follow=True
    )
    with as_actor(scene.cast.school_manager):
        event = AuditEvent.objects.get(action="touchpoint answered")

    assert "Thank you. Your answer is saved" in response.text
    assert {k: v for k, v in invited(scene, coming).items() if v != "none"} == {recipient: answer}
    row = attendee(scene, coming, recipient)
    assert (row.answered_way, row.answered_by_id, row.answered_revision) == ("link", None, 0)
    assert (event.user_id, event.changes["way"][1]) == (None, "link")
    assert settings.SESSION_COOKIE_NAME not in client.cookies


@pytest.mark.parametrize("done", ["answered", "proposed", "<b>"])
def test_the_page_confirms_only_what_is_so(scene: Scene, coming: Touchpoint, done: str) -> None:
    response = Client().get(link(scene), {"done": done})

    assert response.status_code == 200
    assert "Done" not in words(response)


def test_an_answer_may_be_changed(scene: Scene, coming: Touchpoint) -> None:
    for answer, said in (("accepted", "Coming"), ("declined", "Not coming")):
        Client().post(link(scene), {"answer": answer, "seen_revision": "0"})
        page = Client().get(link(scene))
        assert f"You said: {said}" in words(page)
        offered = re.findall(r'name="answer" value="(\w+)"', page.text)
        assert sorted(offered) == sorted(set(ANSWERS) - {answer})
    assert invited(scene, coming)[HEALTH] == "declined"


def test_an_answer_to_a_plan_that_changed_meanwhile_is_refused(
    scene: Scene, as_actor: Enter, coming: Touchpoint
) -> None:
    path = link(scene)
    with as_actor(scene.cast.school_editor) as by:
        move_touchpoint(by=by, touchpoint=coming, **plan(time=time(16, 0)))
    response = Client().post(path, {"answer": "accepted", "seen_revision": "0"})

    assert "The time has changed since you opened this page" in words(response)
    assert "4pm" in words(response)
    assert 'name="seen_revision" value="1"' in response.text
    assert changed_nothing(scene, coming)


@pytest.mark.parametrize("answer", ["", "held", "none", "accepted\0"])
def test_what_is_no_answer_is_refused(scene: Scene, coming: Touchpoint, answer: str) -> None:
    response = Client().post(link(scene), {"answer": answer, "seen_revision": "0"})

    assert "Choose whether you come" in words(response)
    assert changed_nothing(scene, coming)


@pytest.mark.parametrize("seen", ["", "-1", "x", "9" * 40, "\u0663"])
def test_an_odd_revision_breaks_nothing(scene: Scene, coming: Touchpoint, seen: str) -> None:
    response = Client().post(link(scene), {"answer": "accepted", "seen_revision": seen})

    assert response.status_code == 302
    assert invited(scene, coming)[HEALTH] == "accepted"


def test_whoever_is_taken_off_while_they_propose_is_told_so(
    scene: Scene, coming: Touchpoint, superuser: psycopg.Connection[Any]
) -> None:
    address = link(scene, below="another-time/")
    pages: list[Any] = []
    row, by = attendee(scene, coming, HEALTH), scene.cast.school_editor
    with acting(by.scope), transaction.atomic():
        take_off(by=by, attendee=row)
        proposing = Beside(lambda: pages.append(Client().post(address, LATER)))
        proposing.wait_until_blocked(superuser)
    proposing.ends_well()

    assert "You are no longer invited. Nothing was changed." in pages[0].text
    assert not proposals(scene)


def test_another_time_is_proposed(scene: Scene, coming: Touchpoint) -> None:
    response = Client().post(link(scene, below="another-time/"), LATER, follow=True)
    (proposal,) = proposals(scene)

    assert "You proposed another time: Thursday 21 January 2027" in words(response)
    assert (proposal.posting_id, proposal.proposed_by_id) == (scene.postings[HEALTH].pk, None)
    assert (proposal.words, proposal.state) == ("We are in court.", "open")
    (news,) = deliveries(scene, kind="touchpoint_proposal")
    assert news.recipient == "school-editor@tandem.example"


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"date_day": ""}, "Date must include a day"),
        ({"date_year": "2026"}, "must be in the future"),
        ({"date_year": "2031"}, "within the next 3 years"),
        ({"date_day": "28", "date_month": "3", "time": "1:30am"}, "clock"),
        ({"date_day": "14", "time": "3:30pm"}, "That is the time it is planned for"),
        ({"words": "x" * 501}, "500 characters or fewer"),
        ({"words": "NHS number 943 476 5919"}, "NHS number"),
    ],
)
def test_a_time_that_cannot_be_is_refused(
    scene: Scene, coming: Touchpoint, said: dict[str, str], refusal: str
) -> None:
    response = Client().post(link(scene, below="another-time/"), {**LATER, **said})

    assert response.status_code == 200
    assert refusal in words(response)
    assert changed_nothing(scene, coming)


def test_a_colleagues_proposal_waits_for_its_answer(
    scene: Scene, as_actor: Enter, coming: Touchpoint
) -> None:
    with as_actor(scene.cast.health_editor) as by:
        propose_time(by=by, touchpoint=coming, date=date(2027, 1, 22), time=time(9, 0), minutes=30)
    page = Client().get(link(scene))
    response = Client().post(link(scene, below="another-time/"), LATER)

    assert "Walsall Healthcare NHS Trust has proposed another time: Friday 22" in words(page)
    assert "Propose another time" not in words(page)
    assert "It can have one at a time" in words(response)
    assert len(proposals(scene)) == 1


def test_the_page_shows_plan_and_papers_and_for_whom_it_answers(
    scene: Scene, as_actor: Enter, coming: Touchpoint
) -> None:
    with as_actor(scene.cast.school_editor) as by:
        add_paper(by=by, touchpoint=coming, title="Figures", url="https://papers.example/a.pdf")
    page = words(Client().get(link(scene)))

    assert "Thursday 14 January 2027" in page
    assert "Rooms" in page
    assert "Figures (papers.example)" in page
    assert "This page answers for Health named, Walsall Healthcare NHS Trust" in page
    assert HEALTH not in page


def test_a_token_that_we_did_not_make_opens_nothing(scene: Scene, coming: Touchpoint) -> None:
    (delivery,) = deliveries(scene, kind="touchpoint_invitation", recipient=HEALTH)
    reference = reference_of(delivery)
    tokens = [
        link(scene).split("/")[2][:-2],
        reference,
        signing.Signer(salt=answer_links.SALT).sign("x.y"),
        signing.Signer(salt="tandem.touchpoint-entry").sign(reference),
        signing.Signer(salt="tandem.touchpoint-outcome").sign(reference),
        signing.Signer(key="another", salt=answer_links.SALT).sign(reference),
    ]
    for token in tokens:
        for below in ("", "another-time/"):
            path = f"/touchpoint/{token}/{below}"
            assert Client().get(path).status_code == 404
            assert Client().post(path, {"answer": "accepted", **LATER}).status_code == 404
    assert changed_nothing(scene, coming)


def test_a_token_in_an_email_of_another_kind_opens_nothing(
    scene: Scene, as_actor: Enter, coming: Touchpoint
) -> None:
    """Signed as it should be, for an e-mail that is about no touchpoint."""
    with as_actor(scene.cast.health_editor) as by:
        propose_time(by=by, touchpoint=coming, date=date(2027, 1, 22), time=time(9, 0), minutes=30)
    (other,) = deliveries(scene, kind="touchpoint_proposal")
    path = answer_links.address_for(other).removeprefix(settings.BASE_URL)

    assert Client().get(path).status_code in (404, 410)
    assert Client().post(path, {"answer": "accepted"}).status_code in (404, 410)
    assert set(invited(scene, coming).values()) == {"none"}


def is_over(path: str) -> bool:
    """Whether both pages say that the link no longer works, and nothing of the meeting."""
    responses = [
        response
        for address in (path, f"{path}another-time/")
        for response in (
            Client().get(address),
            Client().head(address),
            Client().post(address, {"answer": "accepted", "seen_revision": "0", **LATER}),
        )
    ]
    return all(
        response.status_code == 410
        and response["X-Robots-Tag"] == "noindex, nofollow"
        and not response.cookies
        and "Health hub" not in response.text
        for response in responses
    ) and ("This link no longer works" in responses[0].text)


def test_it_is_over_when_the_meeting_is(
    scene: Scene, clock: time_machine.Traveller, coming: Touchpoint
) -> None:
    clock.move_to(coming.starts_at)
    begun = Client().post(link(scene), {"answer": "accepted", "seen_revision": "0"})
    proposed = Client().post(link(scene, below="another-time/"), LATER)

    assert "It has begun: answers are no longer taken" in words(begun)
    assert "its plan can no longer be changed" in words(proposed)
    assert changed_nothing(scene, coming)
    clock.move_to(coming.starts_at + timedelta(minutes=30))
    assert is_over(link(scene))


def test_it_is_over_when_it_is_cancelled(scene: Scene, as_actor: Enter, coming: Touchpoint) -> None:
    path = link(scene)
    with as_actor(scene.cast.school_editor) as by:
        cancel_touchpoint(by=by, touchpoint=coming)
    assert is_over(path)


@pytest.mark.parametrize("besides", [False, True])
def test_it_is_over_for_who_is_taken_off(
    scene: Scene, as_actor: Enter, coming: Touchpoint, besides: bool
) -> None:
    email = HEALTH
    if besides:
        email = "nurse@health.example"
        nurse = somebody(scene, "health_editor", email)
        with as_actor(scene.cast.health_editor) as by:
            invite_people(by=by, touchpoint=coming, postings=[nurse])
    path, other = link(scene, email), link(scene, COUNCIL_DEPUTY)
    with as_actor(scene.cast.school_editor) as by:
        take_off(by=by, attendee=attendee(scene, coming, email))

    assert is_over(path)
    assert Client().get(other).status_code == 200


def test_it_is_over_for_who_is_no_longer_the_contact(
    scene: Scene, as_actor: Enter, coming: Touchpoint
) -> None:
    with as_actor(scene.cast.health_editor):
        NamedContact.objects.filter(posting=scene.postings[HEALTH]).update(
            ended_at=coming.starts_at - timedelta(days=1)
        )
    assert is_over(link(scene))


def test_it_is_over_for_another_address(scene: Scene, coming: Touchpoint, superuser: Any) -> None:
    path = link(scene)
    superuser.execute(
        "UPDATE contacts_workdetails SET email = 'other@health.example' WHERE posting_id = %s",
        [scene.postings[HEALTH].pk],
    )
    assert is_over(path)


@pytest.mark.parametrize("part", ["school", "health"])
@pytest.mark.parametrize("closed", ["suspended_at = now()", "left_at = now(), joined_at = NULL"])
def test_it_is_over_with_an_organisation(
    scene: Scene, superuser: Any, coming: Touchpoint, part: str, closed: str
) -> None:
    path = link(scene)
    superuser.execute(
        f"UPDATE organisations_organisation SET {closed} WHERE id = %s",
        [scene.cast.organisation(part).pk],
    )
    assert is_over(path)


def test_it_is_over_with_the_partnership(scene: Scene, as_actor: Enter, coming: Touchpoint) -> None:
    path = link(scene)
    with as_actor(scene.cast.school_editor):
        Partnership.objects.update(closed_at=coming.starts_at)
    assert is_over(path)


def test_it_is_over_when_their_organisation_leaves_the_partnership(
    scene: Scene, as_actor: Enter, coming: Touchpoint
) -> None:
    path = link(scene)
    with as_actor(scene.cast.health_editor):
        Member.objects.filter(organisation=scene.cast.organisation("health")).update(
            state=MemberState.LEFT
        )
    assert is_over(path)


def test_whoever_is_signed_in_answers_for_its_addressee_and_nobody_else(
    scene: Scene, coming: Touchpoint
) -> None:
    """A forwarded link answers for whom it was sent to, whoever presses the button."""
    client = scene.cast.client("stranger")
    client.post(link(scene), {"answer": "accepted", "seen_revision": "0"})
    row = attendee(scene, coming, HEALTH)

    assert (row.answer, row.answered_by_id) == ("accepted", None)


def test_the_form_is_guarded_against_other_sites(scene: Scene, coming: Touchpoint) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(link(scene), {"answer": "accepted", "seen_revision": "0"})

    assert response.status_code == 403
    assert changed_nothing(scene, coming)
