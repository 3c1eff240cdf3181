"""The page behind the links: two clicks, no signing in, and nothing for whoever may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client

from organisations.actor import Actor
from organisations.models import AuditEvent
from organisations.outbox.composing import reference_of
from partnerships.actions.models import Action
from partnerships.record.models import Member, MemberState, NamedContact, Partnership
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.outcome_asking import LATER, SOON, due_at
from partnerships.touchpoints.outcome_links import choices_for
from partnerships.touchpoints.selectors import invited_to
from partnerships.touchpoints.services import record_outcome
from tests.touchpoints.pages import words
from tests.touchpoints.scene import (
    COUNCIL_DEPUTY,
    HEALTH,
    TOLD,
    Scene,
    deliveries,
    schedule,
)

Enter = Callable[[Actor], AbstractContextManager[Actor]]
AUTHOR = "school-editor@tandem.example"


def link(scene: Scene, recipient: str = HEALTH, offset: int = LATER, choice: str = "held") -> str:
    """The address behind one of the four links, below the host."""
    (delivery,) = deliveries(
        scene, kind="touchpoint_outcome", recipient=recipient, offset_minutes=offset
    )
    addresses = {words.lower(): address for words, address in choices_for(delivery)}
    return addresses[choice].removeprefix("http://localhost:8000")


@pytest.fixture
def over(scene: Scene, clock: time_machine.Traveller) -> Touchpoint:
    touchpoint = schedule(scene)
    clock.move_to(due_at(touchpoint, LATER))
    return touchpoint


def now(scene: Scene, as_actor: Enter, touchpoint: Touchpoint) -> Touchpoint:
    with as_actor(scene.cast.school_editor):
        return Touchpoint.objects.select_related("outcome_posting__details").get(pk=touchpoint.pk)


@pytest.mark.parametrize("choice", ["held", "moved", "missed", "cancelled"])
def test_opening_a_link_shows_its_choice_and_records_nothing(
    scene: Scene, as_actor: Enter, over: Touchpoint, choice: str
) -> None:
    response = Client().get(link(scene, choice=choice))
    Client().head(link(scene, choice=choice))

    assert response.status_code == 200
    assert re.search(rf'value="{choice}"[^>]* checked', response.text)
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]
    assert now(scene, as_actor, over).state == "scheduled"


@pytest.mark.parametrize("recipient", [HEALTH, COUNCIL_DEPUTY])
def test_the_button_records_it_in_the_name_of_the_contact(
    scene: Scene, as_actor: Enter, over: Touchpoint, recipient: str
) -> None:
    """The council has not joined: its contact answers all the same."""
    response = Client().post(
        link(scene, recipient), {"outcome": "held", "notes": "Rooms"}, follow=True
    )
    page = words(response)
    recorded = now(scene, as_actor, over)
    with as_actor(scene.cast.school_manager):
        event = AuditEvent.objects.get(action="outcome recorded")

    assert "The outcome is recorded" in page
    assert "by the link in an email" in page
    assert (recorded.state, recorded.outcome_notes) == ("held", "Rooms")
    assert recorded.outcome_posting is not None
    assert recorded.outcome_posting.details.email == recipient
    assert recorded.outcome_by_id is None
    assert recorded.outcome_organisation_id == scene.cast.school_editor.organisation_id
    assert event.user_id is None
    assert event.changes["way"] == "link"
    assert event.changes["posting"] == scene.postings[recipient].pk


def test_an_address_with_an_account_records_as_its_person(
    scene: Scene, as_actor: Enter, over: Touchpoint
) -> None:
    Client().post(link(scene, AUTHOR, SOON, "missed"), {"outcome": "missed"})
    recorded = now(scene, as_actor, over)

    assert (recorded.state, recorded.outcome_posting) == ("missed", None)
    assert recorded.outcome_by_id == scene.cast.school_editor.user_id


NEXT_DAY = {
    "next_date_day": "21",
    "next_date_month": "1",
    "next_date_year": "2027",
    "next_time": "10am",
}


@pytest.mark.parametrize(("recipient", "offset"), [(HEALTH, LATER), (AUTHOR, SOON)])
def test_a_new_day_is_scheduled_for_whoever_scheduled_it_and_both_sides_are_invited(
    scene: Scene, as_actor: Enter, over: Touchpoint, recipient: str, offset: int
) -> None:
    response = Client().post(
        link(scene, recipient, offset, "moved"), {"outcome": "moved", **NEXT_DAY}, follow=True
    )
    with as_actor(scene.cast.school_editor) as by:
        new = Touchpoint.objects.get(replaces=over)

    assert "Its new day: Thursday 21 January 2027 at 10am" in words(response)
    assert (new.author_organisation_id, new.author_id) == (by.organisation_id, by.user_id)
    invited = deliveries(scene, kind="touchpoint_invitation", subject=new.ref)
    assert {row.recipient for row in invited} == TOLD


def test_who_came_is_said_by_link_too(scene: Scene, as_actor: Enter, over: Touchpoint) -> None:
    with as_actor(scene.cast.school_editor):
        first, *others = invited_to(over)
    Client().post(link(scene), {"outcome": "held", "came": [str(first.pk)]})
    with as_actor(scene.cast.school_editor):
        came = {each.pk: each.came for each in invited_to(over)}

    assert came == {first.pk: True, **{each.pk: False for each in others}}


@pytest.mark.parametrize(("recipient", "offset"), [(HEALTH, LATER), (AUTHOR, SOON)])
def test_actions_are_added_by_link(
    scene: Scene, as_actor: Enter, over: Touchpoint, recipient: str, offset: int
) -> None:
    path = link(scene, recipient, offset)
    chosen = re.findall(r'<option value="([^"]+)"', Client().get(path).text)
    Client().post(
        path,
        {
            "outcome": "held",
            "action_1_what": "Book the hall",
            "action_1_who": chosen[0],
            "action_1_by_day": "1",
            "action_1_by_month": "2",
            "action_1_by_year": "2027",
        },
    )
    with as_actor(scene.cast.school_editor):
        action = Action.objects.get()

    said = words(Client().get(path))
    assert "What is to be done" in said
    assert "Book the hall" in said
    assert (action.title, action.due_on) == ("Book the hall", date(2027, 2, 1))
    assert action.origin == f"t-{over.ref}"
    assert now(scene, as_actor, over).state == "held"


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({}, "Choose held, moved, missed or cancelled"),
        ({"outcome": "moved"}, "Enter the day it is moved to"),
        ({"outcome": "held", "notes": "x" * 4001}, "4,000 characters"),
        ({"outcome": "held", "notes": "NHS number 943 476 5919"}, "NHS number"),
        ({"outcome": "held", **NEXT_DAY, "next_date_year": "2026"}, "must be in the future"),
        ({"outcome": "held", "next_time": "10am"}, "Enter the day too"),
    ],
)
def test_what_cannot_be_is_refused_and_kept_on_the_page(
    scene: Scene, as_actor: Enter, over: Touchpoint, said: dict[str, str], refusal: str
) -> None:
    response = Client().post(link(scene), said)

    assert refusal in words(response)
    assert now(scene, as_actor, over).state == "scheduled"


def test_the_second_to_answer_sees_what_the_first_recorded(
    scene: Scene, as_actor: Enter, over: Touchpoint
) -> None:
    with as_actor(scene.cast.health_editor) as by:
        record_outcome(by=by, touchpoint=over, outcome="missed", notes="Snow")
    for response in (
        Client().get(link(scene)),
        Client().post(link(scene), {"outcome": "held"}, follow=True),
    ):
        assert response.status_code == 200
        assert "Missed. Recorded by Health editor, Walsall Healthcare NHS Trust" in words(response)
        assert "Snow" in words(response)
    assert now(scene, as_actor, over).state == "missed"


def test_a_token_that_we_did_not_make_opens_nothing(scene: Scene, over: Touchpoint) -> None:
    path = link(scene).split("?")[0]
    (delivery,) = deliveries(scene, kind="touchpoint_invitation", recipient=HEALTH)
    others = [
        path[:-2] + "/",
        f"/outcome/{reference_of(delivery)}/",
        f"/outcome/{signing.Signer(salt='tandem.touchpoint-entry').sign(reference_of(delivery))}/",
        f"/outcome/{signing.Signer(salt='tandem.touchpoint-outcome').sign(reference_of(delivery))}/",
        f"/outcome/{signing.Signer(salt='tandem.touchpoint-outcome').sign('x.y')}/",
    ]

    assert [Client().get(other).status_code for other in others] == [404] * len(others)
    assert [Client().post(other).status_code for other in others] == [404] * len(others)


def ended(path: str) -> bool:
    """Whether a link says that it no longer works, and nothing of the meeting."""
    shown, posted = Client().get(path), Client().post(path, {"outcome": "held"})
    return (
        shown.status_code == posted.status_code == 410
        and "This link no longer works" in shown.text
        and "Health hub" not in shown.text + posted.text
    )


def test_it_works_for_thirty_days(
    scene: Scene, clock: time_machine.Traveller, over: Touchpoint
) -> None:
    clock.move_to(due_at(over, LATER) + timedelta(days=30))
    assert Client().get(link(scene)).status_code == 200
    clock.move_to(due_at(over, LATER) + timedelta(days=30, minutes=1))
    assert ended(link(scene))


def test_it_does_not_work_before_the_meeting(scene: Scene) -> None:
    schedule(scene)
    assert ended(link(scene))


def test_it_ends_for_who_is_no_longer_the_contact(
    scene: Scene, as_actor: Enter, over: Touchpoint
) -> None:
    with as_actor(scene.cast.health_editor):
        NamedContact.objects.filter(posting=scene.postings[HEALTH]).update(ended_at=over.ends_at)
    assert ended(link(scene))


@pytest.mark.parametrize("part", ["school", "health"])
@pytest.mark.parametrize("closed", ["suspended_at = now()", "left_at = now(), joined_at = NULL"])
def test_it_ends_with_an_organisation(
    scene: Scene, superuser: Any, over: Touchpoint, part: str, closed: str
) -> None:
    path = link(scene)
    superuser.execute(
        f"UPDATE organisations_organisation SET {closed} WHERE id = %s",
        [scene.cast.organisation(part).pk],
    )
    assert ended(path)


def test_it_ends_with_the_partnership(scene: Scene, as_actor: Enter, over: Touchpoint) -> None:
    with as_actor(scene.cast.school_editor):
        Partnership.objects.update(closed_at=over.ends_at)
    assert ended(link(scene))


def test_it_ends_when_the_contacts_organisation_leaves_the_partnership(
    scene: Scene, as_actor: Enter, over: Touchpoint
) -> None:
    path = link(scene)
    with as_actor(scene.cast.health_editor):
        Member.objects.filter(organisation=scene.cast.organisation("health")).update(
            state=MemberState.LEFT
        )
    assert ended(path)


def test_a_signed_in_stranger_with_the_link_does_no_more_than_its_reader(
    scene: Scene, as_actor: Enter, over: Touchpoint
) -> None:
    """A forwarded link opens the page; what it records is on record as its addressee's."""
    client = scene.cast.client("stranger")
    client.post(link(scene), {"outcome": "held"})
    recorded = now(scene, as_actor, over)

    assert recorded.outcome_by_id is None
    assert recorded.outcome_posting_id == scene.postings[HEALTH].pk
