"""Choosing a day: said at once what it clashes with, and the next clear days with one press."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from tests.agenda.arranging import admin_acts, meeting
from tests.diary.arranging import answered, proposed
from tests.tenancy.world import walsall_board
from tests.touchpoints.pages import address, hidden_in, words
from tests.touchpoints.scene import Scene, deliveries, schedule

TYPED = {
    "kind": "planning",
    "time": "3:30pm",
    "minutes": "45",
    "venue": "Room 2",
    "agenda": "Rooms and dates",
}
# Key stage 2 tests; the slots after it lie in the exam window of secondary schools.
SATS, CLEAR = date(2027, 5, 11), date(2027, 3, 18)


def boxes(day: date, field: str = "date") -> dict[str, str]:
    return {f"{field}_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def ask(scene: Scene, name: str = "schedule-touchpoint", **more: Any) -> HttpResponse:
    client = scene.cast.client("school_editor")
    kwargs = {k: more.pop(k) for k in ("touchpoint", "gateway", "item") if k in more}
    url = address(scene, name, **kwargs)
    return client.post(url, {**hidden_in(client.get(url)), **TYPED, **more}, follow=True)


def buttons(response: HttpResponse) -> list[str]:
    """The days that are offered, the first first."""
    return re.findall(r'name="take"[^>]* value="([0-9-]+)"', response.content.decode())


def test_checking_says_what_a_day_clashes_with_for_each_side_and_saves_nothing(
    scene: Scene,
) -> None:
    shown = ask(scene, check="1", **boxes(SATS))
    page = words(shown)
    assert "Tuesday 11 May 2027 Summer 1, week 5 · Q1 2027/28" in page
    schools = page.split("For schools")[1].split("Days that suit both sides")[0]
    assert "Key stage 2 tests (SATs) week" in schools
    assert "for primary schools" in schools
    assert "There is a problem" not in page
    assert deliveries(scene, kind="touchpoint_invitation") == []
    assert len(buttons(shown)) == 5
    # No other day of that week is offered: what is warned of holds there too.
    assert buttons(shown)[0] == "2027-05-14"
    # What was typed is there, and the day counts as seen.
    html = shown.content.decode()
    assert "Rooms and dates" in html
    assert 'value="3:30pm"' in html
    assert hidden_in(shown)["heeded"] == "2027-05-11"


def test_a_slot_takes_its_day_and_keeps_what_was_typed(scene: Scene) -> None:
    offered = buttons(ask(scene, check="1", **boxes(SATS)))
    taken = date.fromisoformat(offered[0])
    assert taken > SATS
    shown = ask(scene, take=offered[0], **boxes(SATS))
    html = shown.content.decode()
    for part, value in boxes(taken).items():
        assert f'name="{part}"' in html
        assert f'value="{value}"' in html
    assert "Room 2" in html
    client = scene.cast.client("school_editor")
    done = client.post(
        address(scene, "schedule-touchpoint"),
        {**hidden_in(shown), **TYPED, **boxes(taken)},
        follow=True,
    )
    assert "Touchpoint scheduled" in words(done)


def test_a_day_that_clashes_is_asked_about_once_and_never_forbidden(scene: Scene) -> None:
    asked = ask(scene, **boxes(SATS))
    page = words(asked)
    assert "Nothing has been saved yet" in page
    assert "Keep this day and send invitations" in page
    client = scene.cast.client("school_editor")
    url = address(scene, "schedule-touchpoint")
    done = client.post(url, {**hidden_in(asked), **TYPED, **boxes(SATS)}, follow=True)
    assert "Touchpoint scheduled" in words(done)


def test_what_lasts_for_months_is_said_and_not_asked_about(scene: Scene) -> None:
    checked = ask(scene, check="1", **boxes(CLEAR))
    assert "NHS winter pressures" in words(checked)
    assert "Keep in mind" in words(checked)
    done = ask(scene, **boxes(CLEAR))
    assert "Touchpoint scheduled" in words(done)


def test_a_day_on_which_nothing_speaks_against_it_says_so(scene: Scene) -> None:
    page = words(ask(scene, check="1", **boxes(date(2027, 9, 29))))
    assert ("Nothing clashes with this day." in page) != ("Days that suit both sides" in page)


def test_a_quiet_period_in_force_clashes_for_everyone(scene: Scene) -> None:
    day = date(2027, 3, 17)
    period = proposed(scene, starts_on=day, ends_on=day, reason="New record system")
    assert "New record system" not in words(ask(scene, check="1", **boxes(day)))
    answered(scene, period, True)
    page = words(ask(scene, check="1", **boxes(day)))
    assert "For everyone" in page
    assert "New record system" in page
    assert "2027-03-17" not in buttons(ask(scene, check="1", **boxes(date(2027, 3, 16))))


def test_a_day_that_is_taken_already_is_said_and_not_offered(scene: Scene) -> None:
    first = buttons(ask(scene, check="1", **boxes(SATS)))[0]
    schedule(scene, date=date.fromisoformat(first))
    assert first not in buttons(ask(scene, check="1", **boxes(SATS)))
    again = words(ask(scene, check="1", **boxes(date.fromisoformat(first))))
    assert "has something planned on this day already" in again


def test_without_a_day_the_next_clear_days_are_offered(scene: Scene) -> None:
    shown = ask(scene, check="1")
    assert "The next days that suit both sides" in words(shown)
    assert len(buttons(shown)) == 5


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"date_day": "31", "date_month": "2", "date_year": "2027"}, "Enter a real date"),
        ({"date_day": "3", "date_month": "", "date_year": "2027"}, "Date must include a month"),
    ],
)
def test_a_day_that_is_none_is_refused_and_other_fields_are_left_alone(
    scene: Scene, typed: dict[str, str], problem: str
) -> None:
    page = words(ask(scene, check="1", time="", **typed))
    assert problem in page
    assert "Enter the time" not in page


def test_a_pressed_button_that_names_no_day_is_as_if_none_were_pressed(scene: Scene) -> None:
    shown = ask(scene, take="tomorrow", **boxes(SATS))
    assert "Tuesday 11 May 2027" in words(shown)


def test_moving_offers_days_too_and_does_not_ask_about_the_day_it_has(scene: Scene) -> None:
    planned = schedule(scene, date=SATS)
    kept = ask(scene, "touchpoint-move", touchpoint=planned.ref, **boxes(SATS))
    assert "Touchpoint changed" in words(kept)
    asked = ask(scene, "touchpoint-move", touchpoint=planned.ref, **boxes(date(2027, 5, 12)))
    assert "Keep this day and tell everyone" in words(asked)
    assert len(buttons(asked)) == 5


def test_the_day_of_a_paper_is_asked_about_and_offered_until_the_meeting(scene: Scene) -> None:
    admin_acts(scene.cast)
    board = meeting(scene.cast, date(2027, 5, 19), None)
    typed = {"title": "Health visitors", "ask": "A seat", "meeting": board.ref}
    gateway = walsall_board().ref
    asked = ask(scene, "plan-item", gateway=gateway, **typed, **boxes(SATS, "own_due_on"))
    assert "Plan this item and keep the day" in words(asked)
    offered = buttons(asked)
    assert offered
    assert max(offered) <= "2027-05-19"
    late = ask(
        scene, "plan-item", gateway=gateway, **typed, **boxes(date(2027, 5, 29), "own_due_on")
    )
    assert "The paper must be due by the meeting" in words(late)


def test_a_check_needs_as_many_statements_whatever_is_planned(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    url = address(scene, "schedule-touchpoint")
    given = {**hidden_in(client.get(url)), **TYPED, **boxes(SATS), "check": "1"}
    counts = []
    for more in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.post(url, given)
        counts.append(len(captured))
        if not more:
            for week in range(6):
                schedule(scene, date=date(2027, 9, 6 + week))
    assert counts[0] == counts[1]
