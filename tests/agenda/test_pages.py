"""The pages of items: planning, what each side sees, steps, conflicts, and nothing for others."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import Gateway, GatewayMeeting, GatewayType
from organisations.actor import Actor
from partnerships.agenda.models import AgendaItem
from partnerships.agenda.services import change_item, record_step
from tests.agenda.arranging import change_meeting, planned
from tests.tenancy.world import walsall_board
from tests.touchpoints.pages import address, hidden_in, post, words
from tests.touchpoints.scene import Scene

Enter = Callable[[Actor], AbstractContextManager[Actor]]


def see(scene: Scene, name: str, part: str = "school_editor", **kwargs: str) -> str:
    response = scene.cast.client(part).get(address(scene, name, part, **kwargs))
    assert response.status_code == 200
    return words(response)


def test_an_item_is_planned_from_the_partnership(scene: Scene, board: GatewayMeeting) -> None:
    gateway = walsall_board()
    chosen = address(scene, "plan-item", gateway=gateway.ref)
    assert chosen in scene.cast.client("school_editor").get(address(scene, "choose-gateway")).text
    form = scene.cast.client("school_editor").get(chosen)
    shown = post(scene, chosen, title="Nurseries", ask="A seat", meeting=board.ref)

    assert GatewayType.objects.get(key="hwb").ask_for in form.text.replace("&#39;", "'")
    assert "Wednesday 3 March 2027, papers by Friday 19 February 2027" in words(form)
    assert "Item planned" in shown.text
    assert "Nurseries Planned" in words(shown)
    assert "Paper due Friday 19 February 2027" in words(shown)
    assert (
        "A reminder of the paper goes to school-contact@school.example and "
        "school-editor@tandem.example on 5 February 2027 and 16 February 2027."
    ) in words(shown)
    assert "Will be sent on Friday 5 February 2027 at 9am" in words(shown)
    assert "Nurseries" in see(scene, "partnership", "health_editor")
    assert "Nurseries" in see(scene, "agenda-items", "health_editor")


def test_it_is_planned_without_a_meeting_too(scene: Scene) -> None:
    url = address(scene, "plan-item", gateway=walsall_board().ref)
    assert "coming meetings are not in the directory yet" in see(
        scene, "plan-item", gateway=walsall_board().ref
    )
    shown = post(scene, url, title="Nurseries", ask="")

    assert "Meeting Not known yet" in words(shown)
    assert "A reminder" not in words(shown)


def test_from_a_gateway_one_chooses_the_partnership(scene: Scene) -> None:
    gateway = walsall_board()
    slug = scene.cast.organisation("school").slug
    url = reverse("bring-item", args=[slug, gateway.ref])
    page = scene.cast.client("school_editor").get(url)
    viewer = scene.cast.client("school_viewer").get(url)
    stranger = scene.cast.client("stranger").get(
        reverse("bring-item", args=[scene.cast.organisation("other").slug, gateway.ref])
    )

    assert address(scene, "plan-item", gateway=gateway.ref) in page.text
    assert "No partnership to plan it in" in viewer.text
    assert "No partnership to plan it in" in stranger.text
    assert "Health hub" not in stranger.text


def test_the_gateways_page_shows_ones_own_items_and_leads_to_planning(scene: Scene) -> None:
    item, gateway = planned(scene), walsall_board()

    def page(part: str, own: str) -> str:
        slug = scene.cast.organisation(own).slug
        url = reverse("directory-gateway", args=[slug, gateway.ref])
        return scene.cast.client(part).get(url).text

    bring = reverse("bring-item", args=[scene.cast.organisation("school").slug, gateway.ref])
    assert item.title in page("school_editor", "school")
    assert bring in page("school_editor", "school")
    assert item.title in page("school_viewer", "school")
    assert bring not in page("school_viewer", "school")
    assert item.title in page("health_editor", "health")
    assert item.title not in page("stranger", "other")
    assert "None of your partnerships has an item" in page("stranger", "other")


def test_a_gateway_that_ended_or_never_was_is_not_found(scene: Scene, superuser: Any) -> None:
    client = scene.cast.client("school_editor")
    gateway = walsall_board()
    url = address(scene, "plan-item", gateway=gateway.ref)
    superuser.execute(
        "UPDATE contacts_gateway SET ended_on = '2026-01-01' WHERE id = %s", [gateway.pk]
    )
    try:
        got = client.get(url).status_code
        listed = client.get(address(scene, "choose-gateway")).text
    finally:
        superuser.execute("UPDATE contacts_gateway SET ended_on = NULL WHERE id = %s", [gateway.pk])

    assert got == client.get(address(scene, "plan-item", gateway="nosuchref000")).status_code == 404
    assert url not in listed


def test_the_gateways_offered_are_those_of_the_members_areas(scene: Scene) -> None:
    offered = scene.cast.client("school_editor").get(address(scene, "choose-gateway")).text
    devon = Gateway.objects.get(place__name="Devon", type__key="hwb")

    assert walsall_board().ref in offered
    assert devon.ref not in offered


def test_a_plan_that_is_refused_keeps_what_was_typed(scene: Scene, board: GatewayMeeting) -> None:
    url = address(scene, "plan-item", gateway=walsall_board().ref)
    nothing = post(scene, url, title="", ask="Kept", meeting="")
    late = post(
        scene,
        url,
        title="Nurseries",
        ask="Kept",
        meeting=board.ref,
        own_due_on_day="4",
        own_due_on_month="3",
        own_due_on_year="2027",
    )

    assert "Enter a name for the item" in nothing.text
    assert "Choose a meeting, or that it is not known yet" in nothing.text
    assert "Kept" in nothing.text
    assert "The paper must be due by the meeting" in late.text
    assert AgendaItem.objects.count() == 0


def test_each_step_is_two_clicks_and_any_member_records_it(
    scene: Scene, board: GatewayMeeting
) -> None:
    item = planned(scene, meeting=board)
    day = {"on_day": "4", "on_month": "1", "on_year": "2027"}
    sent = post(scene, address(scene, "agenda-item-sent", item=item.ref), **day)
    heard_url = address(scene, "agenda-item-heard", "health_editor", item=item.ref)
    heard = post(scene, heard_url, "health_editor", **day)
    decided_url = address(scene, "agenda-item-decided", "health_editor", item=item.ref)
    unsaid = post(scene, decided_url, "health_editor", **day)
    decided = post(scene, decided_url, "health_editor", **day, decision="A seat is given.")
    again = scene.cast.client("health_editor").get(heard_url, follow=True)

    assert "Paper sent on 4 January 2027. Recorded by School editor, Windsor" in words(sent)
    assert "Heard on 4 January 2027. Recorded by Health editor, Walsall" in words(heard)
    assert "Enter what was decided" in unsaid.text
    assert "A seat is given." in words(decided)
    assert "It is on record already: decided." in again.text


def test_who_did_not_plan_it_is_told_who_may_change_it(scene: Scene) -> None:
    item = planned(scene)
    theirs = see(scene, "agenda-item", "health_editor", item=item.ref)
    viewers = see(scene, "agenda-item", "school_viewer", item=item.ref)

    assert "Only Windsor Academy Trust, which planned it, can change or withdraw it" in theirs
    assert "Change this item" not in theirs
    assert "The paper was sent" in theirs
    assert "The paper was sent" not in viewers


def test_a_change_in_between_is_shown_before_anything_is_overwritten(
    scene: Scene, as_actor: Enter
) -> None:
    item = planned(scene)
    client = scene.cast.client("school_editor")
    url = address(scene, "agenda-item-change", item=item.ref)
    opened = hidden_in(client.get(url))
    with as_actor(scene.cast.school_manager) as by:
        change_item(by=by, item=item, title="Theirs", ask="", meeting=None, own_due_on=None)
    typed = {"title": "Mine", "ask": "", "meeting": "unknown"}
    warned = client.post(url, {**opened, **typed})
    saved = client.post(url, {**hidden_in(warned), **typed}, follow=True)

    assert "This item was changed while you were writing" in warned.text
    assert 'value="Mine"' in warned.text
    assert "Item changed" in saved.text
    assert "Mine" in words(saved)


def test_withdrawing_keeps_it(scene: Scene) -> None:
    item = planned(scene)
    url = address(scene, "agenda-item-withdraw", item=item.ref)
    shown = post(scene, url, why="The council funds it already.")

    assert "Item withdrawn" in shown.text
    assert "The council funds it already." in words(shown)
    assert "The paper was sent" not in words(shown)
    assert "Withdrawn" in see(scene, "agenda-items")
    assert "None on the way to a board or team" in see(scene, "partnership")


def test_a_meeting_called_off_and_a_paper_overdue_are_seen_at_once(
    scene: Scene, board: GatewayMeeting, clock: Any
) -> None:
    item = planned(scene, meeting=board)
    clock.move_to(f"{date(2027, 2, 20)}T09:00:00+00:00")
    late = see(scene, "agenda-item", item=item.ref)
    home = scene.cast.client("school_editor").get(
        reverse("home", args=[scene.cast.organisation("school").slug])
    )
    change_meeting(scene.cast, board, cancelled_at=timezone.now())
    off = see(scene, "agenda-item", item=item.ref)

    assert "Paper overdue" in late
    assert f"Send the paper: {item.title}" in words(home)
    assert "Overdue" in words(home)
    assert "Meeting called off" in off
    assert "Choose another meeting" in off


def test_home_asks_for_papers_of_the_next_two_weeks_of_ones_own(
    scene: Scene, board: GatewayMeeting, clock: Any
) -> None:
    planned(scene, meeting=board)

    def homes() -> dict[str, bool]:
        parts = {"school_editor": "school", "health_editor": "health"}
        return {
            part: "Send the paper"
            in words(
                scene.cast.client(part).get(
                    reverse("home", args=[scene.cast.organisation(own).slug])
                )
            )
            for part, own in parts.items()
        }

    early = homes()
    clock.move_to("2027-02-08T09:00:00+00:00")

    assert early == {"school_editor": False, "health_editor": False}
    assert homes() == {"school_editor": True, "health_editor": False}


@pytest.mark.parametrize("part", ["stranger", "council_editor"])
def test_others_learn_nothing_of_it(scene: Scene, part: str) -> None:
    item = planned(scene)
    for name in ("agenda-item", "agenda-item-change", "agenda-item-sent"):
        got = scene.cast.client(part).get(address(scene, name, part, item=item.ref))
        assert got.status_code == 404


def test_the_neutral_link_leads_members_to_their_own_view(scene: Scene) -> None:
    item = planned(scene)
    url = reverse("neutral-link", args=["a", item.ref])
    for part in ("school_editor", "health_editor"):
        got = scene.cast.client(part).get(url)
        assert got["Location"] == address(scene, "agenda-item", part, item=item.ref)
    assert scene.cast.client("stranger").get(url).status_code == 404


def test_lists_need_as_many_statements_however_long(scene: Scene, as_actor: Enter) -> None:
    client = scene.cast.client("school_editor")
    counts: dict[str, list[int]] = {"agenda-items": [], "partnership": []}
    item = planned(scene, title="The first")
    for name in counts:
        client.get(address(scene, name))
    for more in range(2):
        for name, found in counts.items():
            with CaptureQueriesContext(connection) as captured:
                client.get(address(scene, name))
            found.append(len(captured))
        if not more:
            for number in range(12):
                planned(scene, title=f"Item {number}")
    with as_actor(scene.cast.school_editor) as by:
        record_step(by=by, item=item, step="heard", on=date(2027, 1, 4))

    assert all(first == second for first, second in counts.values())
    assert "Heard" in see(scene, "agenda-items")
