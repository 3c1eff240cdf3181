"""The pages of touchpoints as each of the cast meets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from organisations.actor import Actor
from partnerships.touchpoints import selectors
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.services import move_touchpoint, record_outcome
from tests.cast import Cast
from tests.photographs import Photographs
from tests.touchpoints.pages import address, hidden_in, post, words
from tests.touchpoints.scene import (
    HEALTH,
    Scene,
    arrange,
    deliveries,
    gone_by,
    mark,
    plan,
    refuse_mail,
    schedule,
)

Enter = Callable[[Actor], AbstractContextManager[Actor]]
FAR = {"date_day": "14", "date_month": "1", "date_year": "2027"}
FORM = {
    **FAR,
    "kind": "update",
    "time": "3:30pm",
    "minutes": "30",
    "venue": "",
    "agenda": "",
    "reminder_minutes": ["1440"],
}


@pytest.fixture
def scene(cast: Cast, photographs: Photographs) -> Scene:
    """Without a stopped clock: sessions and forms have their own sense of time."""
    return photographs.show(arrange, cast)


@pytest.fixture
def coming(scene: Scene) -> Touchpoint:
    return schedule(scene, date=date(2028, 1, 13))


def test_scheduling_leads_to_the_touchpoint_and_says_who_was_told(scene: Scene) -> None:
    form = scene.cast.client("school_editor").get(address(scene, "schedule-touchpoint"))
    assert "Health named, Walsall Healthcare NHS Trust" in words(form)
    done = words(
        post(
            scene,
            address(scene, "schedule-touchpoint"),
            **FORM
            | {"date_year": "2028", "date_day": "13", "venue": "https://meet.example/x"}
            | {"heeded": "2028-01-13"},
        )
    )

    assert "Touchpoint scheduled" in done
    assert "Thursday 13 January 2028, 3:30pm to 4pm" in done
    assert "Q4 2027/28" in done
    assert "Health named, Walsall Healthcare NHS Trust Message Invitation" in done
    assert "Waiting to be sent" in done
    assert "Will be sent on Wednesday 12 January 2028 at 3:30pm" in done


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"date_year": "2020"}, "The date must be in the future"),
        ({"date_day": "26", "date_month": "3", "date_year": "2028", "time": "01:30"}, "not exist"),
        ({"date_day": "29", "date_month": "10", "date_year": "2028", "time": "1:30am"}, "twice"),
        ({"date_day": "", "date_month": "", "date_year": ""}, "Enter the day"),
        ({"time": ""}, "Enter the time"),
        ({"time": "25:00"}, "Enter a real time"),
        ({"kind": ""}, "Choose what sort of touchpoint"),
        ({"agenda": "About 943 476 5919"}, "NHS number"),
        ({"venue": "x" * 301}, "300 characters or fewer"),
    ],
)
def test_what_cannot_be_is_said_beside_its_box_and_typing_is_kept(
    scene: Scene, more: dict[str, str], error: str
) -> None:
    values = {**FORM, "agenda": "Kept words", **more}
    response = post(scene, address(scene, "schedule-touchpoint"), **values)

    assert words(response).count(error) == 2  # in the summary and beside the box
    assert "Error: " in response.content.decode().split("</title>")[0]
    assert values["agenda"] in response.content.decode()
    assert deliveries(scene) == []


def test_a_day_to_think_twice_about_is_asked_about_once(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    url = address(scene, "schedule-touchpoint")
    bank_holiday = {**FORM, "date_day": "17", "date_month": "4", "date_year": "2028"}
    asked = client.post(url, {**hidden_in(client.get(url)), **bank_holiday})
    assert "Everyone: Easter Monday, 17 April 2028: a bank holiday" in words(asked)
    assert "Nothing has been saved yet" in words(asked)
    assert deliveries(scene) == []
    other = client.post(url, {**hidden_in(asked), **bank_holiday, "date_day": "14"})
    assert "Good Friday" in words(other)
    done = client.post(url, {**hidden_in(other), **bank_holiday, "date_day": "14"}, follow=True)

    assert "Touchpoint scheduled" in words(done)


def test_posted_twice_it_is_scheduled_once(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    url = address(scene, "schedule-touchpoint")
    values = {**hidden_in(client.get(url)), **FORM, "date_year": "2028", "date_day": "13"}
    values["heeded"] = "2028-01-13"
    first, second = client.post(url, values), client.post(url, values)

    assert first["Location"] == second["Location"]
    assert len(deliveries(scene, kind="touchpoint_invitation")) == 3


@pytest.mark.parametrize(
    ("part", "status"),
    [("school_viewer", 403), ("stranger", 404), ("council_editor", 404), (None, 302)],
)
def test_the_forms_are_for_those_who_may(
    scene: Scene, coming: Touchpoint, part: str | None, status: int
) -> None:
    client = scene.cast.client(part)
    for name in ("touchpoint-move", "touchpoint-cancel", "touchpoint-outcome"):
        url = address(scene, name, part or "school_editor", touchpoint=coming.ref)
        assert client.get(url).status_code == status, name
        assert client.post(url, FORM).status_code == status, name
    url = address(scene, "schedule-touchpoint", part or "school_editor")
    assert client.post(url, FORM).status_code == status


@pytest.mark.parametrize("part", ["stranger", "council_editor"])
def test_a_touchpoint_is_no_page_for_those_outside(
    scene: Scene, coming: Touchpoint, part: str
) -> None:
    client = scene.cast.client(part)
    for name in ("touchpoint", "touchpoint-calendar"):
        assert client.get(address(scene, name, part, touchpoint=coming.ref)).status_code == 404
    assert client.get(address(scene, "touchpoints", part)).status_code == 404


def test_a_touchpoint_of_another_partnership_is_no_page_of_this(
    scene: Scene, coming: Touchpoint
) -> None:
    url = address(scene, "touchpoint", touchpoint=coming.ref).replace(
        scene.partnership.ref, "bcdfghjkmnpq"
    )
    assert scene.cast.client("school_editor").get(url).status_code == 404


def test_the_other_side_sees_it_without_the_means_to_change_it(
    scene: Scene, coming: Touchpoint
) -> None:
    client = scene.cast.client("health_editor")
    page = words(client.get(address(scene, "touchpoint", "health_editor", touchpoint=coming.ref)))

    assert "Only Windsor Academy Trust, which scheduled it, can move or cancel it" in page
    assert "Move or change" not in page
    move = address(scene, "touchpoint-move", "health_editor", touchpoint=coming.ref)
    assert client.get(move).status_code == 403


def test_an_address_that_refused_mail_is_shown_with_the_reason(
    scene: Scene, coming: Touchpoint, superuser: Any
) -> None:
    superuser.execute(
        "UPDATE organisations_delivery SET state = 'dead', reason = "
        "'The address was refused (550 no such user).' WHERE recipient = %s",
        [HEALTH],
    )
    refuse_mail(superuser, HEALTH)
    page = words(
        scene.cast.client("school_viewer").get(
            address(scene, "touchpoint", "school_viewer", touchpoint=coming.ref)
        )
    )

    assert f"Could not be delivered to {HEALTH}. The address was refused (550" in page


def test_who_is_not_told_is_named_with_the_reason(
    scene: Scene, coming: Touchpoint, superuser: Any
) -> None:
    refuse_mail(superuser, "council%")
    page = words(
        scene.cast.client("school_editor").get(address(scene, "touchpoint", touchpoint=coming.ref))
    )

    assert "gets an email: the address of its deputy refused mail" in page


def test_moving_shows_the_former_emails_apart(
    scene: Scene, coming: Touchpoint, superuser: Any
) -> None:
    mark(superuser, "sent", kind="touchpoint_invitation")
    url = address(scene, "touchpoint-move", touchpoint=coming.ref)
    page = words(
        post(
            scene,
            url,
            **FORM | {"date_year": "2028", "date_day": "20", "venue": "Online"},
            heeded="2028-01-20",
        )
    )

    assert "Touchpoint changed" in page
    assert "Thursday 20 January 2028" in page
    assert page.index("Message Change") < page.index("Emails from before it was changed")
    assert "Not needed any more. The touchpoint was changed." in page


@pytest.mark.parametrize("chosen", [["10080", "120"], []])
def test_reminders_are_chosen_when_it_is_scheduled_and_when_it_is_changed(
    scene: Scene, coming: Touchpoint, chosen: list[str]
) -> None:
    day = {"date_day": "20", "date_month": "1", "date_year": "2028", "heeded": "2028-01-20"}
    post(scene, address(scene, "schedule-touchpoint"), **FORM | day | {"reminder_minutes": chosen})
    (made,) = {each.subject for each in deliveries(scene)} - {coming.ref}
    reminders = deliveries(scene, kind="touchpoint_reminder", subject=made, recipient=HEALTH)
    assert [str(each.offset_minutes) for each in reminders] == chosen

    url = address(scene, "touchpoint-move", touchpoint=made)
    html = scene.cast.client("school_editor").get(url).content.decode()
    boxes = [tag for tag in re.findall("<input[^>]*>", html) if 'name="reminder_minutes"' in tag]
    assert len(boxes) == 4
    ticked = [re.search(r'value="(\d+)"', tag) for tag in boxes if " checked" in tag]
    assert [each[1] for each in ticked if each] == chosen

    # Only the reminders change: nobody is told but by them.
    post(scene, url, **FORM | day | {"reminder_minutes": ["2880"]})
    asked = {each.offset_minutes for each in deliveries(scene, subject=made, recipient=HEALTH)}
    assert asked == {0, 2880, *map(int, chosen)}
    assert deliveries(scene, kind="touchpoint_moved") == []


def test_two_who_move_it_at_once_keep_what_they_typed(
    scene: Scene, coming: Touchpoint, as_actor: Enter
) -> None:
    client = scene.cast.client("school_manager")
    url = address(scene, "touchpoint-move", "school_manager", touchpoint=coming.ref)
    opened = client.get(url)
    with as_actor(scene.cast.school_editor) as by:
        move_touchpoint(by=by, touchpoint=coming, **plan(date=date(2028, 2, 3)))
    mine = {**FORM, "date_year": "2028", "date_day": "13", "agenda": "My agenda"}
    refused = client.post(url, {**hidden_in(opened), **mine})

    assert "it is now on Thursday 3 February 2028" in words(refused)
    assert "My agenda" in refused.content.decode()
    done = client.post(url, {**hidden_in(refused), **mine}, follow=True)
    assert "Touchpoint changed" in words(done)


def test_cancelling_says_why_to_those_who_look(scene: Scene, coming: Touchpoint) -> None:
    url = address(scene, "touchpoint-cancel", touchpoint=coming.ref)
    page = words(post(scene, url, notes="Snow is forecast"))

    assert "Touchpoint cancelled" in page
    assert "Cancelled. Recorded by School editor, Windsor Academy Trust" in page
    assert "Snow is forecast" in page
    again = scene.cast.client("school_editor").get(url, follow=True)
    assert "Its outcome is recorded already: cancelled." in words(again)


@pytest.mark.parametrize("part", ["school_editor", "health_editor"])
def test_the_outcome_is_recorded_from_the_touchpoints_own_page(scene: Scene, part: str) -> None:
    past = gone_by(scene)
    client = scene.cast.client(part)
    page = client.get(address(scene, "touchpoint", part, touchpoint=past.ref))
    assert "What became of it?" in words(page)
    url = address(scene, "touchpoint-outcome", part, touchpoint=past.ref)
    assert f'href="{url}?outcome=held"' in page.content.decode()
    chosen = client.get(url, {"outcome": "held"})
    assert re.search(r'value="held"[^>]* checked', chosen.content.decode())
    done = words(client.post(url, {**hidden_in(chosen), "outcome": "held"}, follow=True))

    assert "Outcome recorded" in done
    assert "Held. Recorded by" in done
    assert "Schedule the next touchpoint" in done


def test_the_second_to_record_learns_who_was_first(scene: Scene, as_actor: Enter) -> None:
    past = gone_by(scene)
    client = scene.cast.client("school_editor")
    url = address(scene, "touchpoint-outcome", touchpoint=past.ref)
    opened = client.get(url)
    with as_actor(scene.cast.health_editor) as by:
        record_outcome(by=by, touchpoint=past, outcome="missed")
    refused = client.post(url, {**hidden_in(opened), "outcome": "held", "notes": "We met"})

    assert "already recorded that this touchpoint was missed" in words(refused)
    assert "We met" in refused.content.decode()


def test_an_outcome_is_chosen(scene: Scene) -> None:
    past = gone_by(scene)
    url = address(scene, "touchpoint-outcome", touchpoint=past.ref)

    assert "Choose held, moved, missed or cancelled" in words(post(scene, url))


def test_what_is_to_come_has_no_outcome_yet(scene: Scene, coming: Touchpoint) -> None:
    url = address(scene, "touchpoint-outcome", touchpoint=coming.ref)
    page = scene.cast.client("health_editor").get(
        url.replace(scene.cast.organisation("school").slug, scene.cast.organisation("health").slug),
        follow=True,
    )

    assert "It has not begun yet. Record its outcome after" in words(page)


def test_the_calendar_file(scene: Scene, coming: Touchpoint) -> None:
    response = scene.cast.client("school_viewer").get(
        address(scene, "touchpoint-calendar", "school_viewer", touchpoint=coming.ref)
    )

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="touchpoint-2028-01-13.ics"' in response["Content-Disposition"]
    assert Calendar.from_ical(response.content)["method"] == "PUBLISH"


def test_the_list_has_what_is_to_come_and_what_is_past(scene: Scene, coming: Touchpoint) -> None:
    url = address(scene, "touchpoints")
    gone_by(scene)
    page = words(scene.cast.client("school_editor").get(url))

    assert page.index("To come") < page.index("13 January 2028") < page.index("Past")
    assert "Outcome needed" in page


def test_an_empty_list_says_what_to_do(scene: Scene) -> None:
    url = address(scene, "touchpoints")
    assert "Schedule a touchpoint" in words(scene.cast.client("school_editor").get(url))
    assert "Schedule a touchpoint" not in words(scene.cast.client("school_viewer").get(url))


# ------------------------------------------------------------------ reading


def test_what_is_next_last_and_in_need_of_an_outcome(
    scene: Scene, coming: Touchpoint, as_actor: Enter
) -> None:
    older, newer = gone_by(scene, hours=50), gone_by(scene, hours=2)
    still_on = gone_by(scene, hours=0)
    with as_actor(scene.cast.health_manager) as by:
        rows = selectors.latest_of(by, scene.partnership, 10)
        listed = selectors.of_partnership(by, scene.partnership)
        needing = [row.ref for row in selectors.needing_outcome(by)]

    assert (selectors.next_of(rows), selectors.last_of(rows)) == (coming, still_on)
    in_order = [older.ref, newer.ref, still_on.ref, coming.ref]
    assert [row.ref for row in listed] == [row.ref for row in rows] == in_order
    assert needing == [older.ref, newer.ref]


def test_the_stranger_reads_nothing(scene: Scene, coming: Touchpoint, as_actor: Enter) -> None:
    for part in ("stranger", "council_editor"):
        with as_actor(scene.cast.actors[part]) as by:
            assert selectors.of_partnership(by, scene.partnership) == []
            assert selectors.latest_of(by, scene.partnership, 10) == []
            assert selectors.coming(by, coming.ends_at) == []
            assert selectors.needing_outcome(by) == []


def statements(scene: Scene, url: str) -> int:
    client = scene.cast.client("school_editor")
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", ["touchpoints", "touchpoint", "schedule-touchpoint"])
def test_a_pages_statements_do_not_grow_with_what_it_shows(scene: Scene, name: str) -> None:
    first = schedule(scene, date=date(2028, 1, 13))
    gone_by(scene)
    more = {"touchpoint": first.ref} if name == "touchpoint" else {}
    few = statements(scene, address(scene, name, **more))
    for day in range(14, 28):
        schedule(scene, date=date(2028, 1, day))
        gone_by(scene, hours=day)

    assert statements(scene, address(scene, name, **more)) == few
    assert few <= 17
