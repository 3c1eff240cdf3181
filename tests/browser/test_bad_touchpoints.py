"""Touchpoints that cannot be, and e-mail that comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from calendars.london import today
from tests.browser.behind import Superuser, rows_in
from tests.browser.person import Person
from tests.browser.post import Post
from tests.browser.stage import a_good_day
from tests.cast import Cast
from tests.photographs import Photographs
from tests.touchpoints.scene import HEALTH, SCHOOL, Scene, arrange

REFUSED = "refused-contact@health.example"
CORRECTED = "corrected-contact@health.example"
MARCH, OCTOBER = 3, 10

BrowserOf = Callable[..., Person]


def clocks_change(month: int) -> date:
    """The next last Sunday of March or October, from tomorrow on."""
    day = today() + timedelta(days=1)
    while day.month != month or day.weekday() != 6 or (day + timedelta(days=7)).month == month:
        day += timedelta(days=1)
    return day


@pytest.fixture
def scene(cast: Cast, photographs: Photographs) -> Scene:
    return photographs.show(arrange, cast)


@pytest.fixture
def partnership(scene: Scene) -> str:
    slug = scene.cast.organisation("school").slug
    return f"/o/{slug}/partnerships/{scene.partnership.ref}/"


@pytest.fixture
def editor(browser_of: BrowserOf, partnership: str) -> Person:
    """The school's editor, with the form of a touchpoint open."""
    person = browser_of("school_editor")
    person.opens(f"{partnership}touchpoints/new/")
    return person


def plans(editor: Person, day: date, clock: str) -> None:
    editor.dates(day)
    editor.fills({"At what time?": clock})
    editor.presses("Schedule and send invitations")


@pytest.mark.parametrize(
    ("day", "clock", "problem"),
    [
        (today() - timedelta(days=1), "3:30pm", "The date must be in the future"),
        (clocks_change(MARCH), "1:30am", "does not exist, because the clocks go forward"),
        (clocks_change(MARCH), "01:30", "Choose a time before 1am, or 2am or later"),
        (clocks_change(OCTOBER), "1:30am", "happens twice, because the clocks go back"),
        (date(today().year + 5, 1, 15), "3:30pm", "within the next 3 years"),
        (today() + timedelta(days=9), "half past three", "time"),
    ],
    ids=["past", "spring", "spring advice", "autumn", "far away", "no time"],
)
def test_a_time_that_cannot_be(
    editor: Person, superuser: Superuser, day: date, clock: str, problem: str
) -> None:
    # When they plan a touchpoint for a time that cannot be
    plans(editor, day, clock)
    # Then the summary says what is wrong, what they typed is there, and nothing was written
    editor.is_refused(problem)
    expect(editor.field("At what time?")).to_have_value(clock)
    expect(editor.field("Day")).to_have_value(str(day.day))
    assert rows_in(superuser, "touchpoints_touchpoint") == 0
    assert rows_in(superuser, "organisations_delivery") == 0


@pytest.mark.parametrize("month", [MARCH, OCTOBER])
def test_half_an_hour_later_that_night_can_be(
    editor: Person, superuser: Superuser, month: int
) -> None:
    # Given a time that the clock change makes impossible
    plans(editor, clocks_change(month), "1:30am")
    editor.is_refused("1:30am")
    # When they choose the time that they are advised to
    editor.fills({"At what time?": "2am"})
    editor.presses("Schedule and send invitations")
    # Then they are asked about the Sunday, once, and may keep it
    editor.reads("Check the day", "is a Sunday", "Nothing has been saved yet")
    assert rows_in(superuser, "touchpoints_touchpoint") == 0
    editor.presses("Keep this day and send invitations")
    editor.is_told("Touchpoint scheduled")
    editor.reads("2am")
    assert rows_in(superuser, "touchpoints_touchpoint") == 1


def test_an_address_that_bounces(
    scene: Scene, editor: Person, partnership: str, superuser: Superuser, post: Post
) -> None:
    # Given a contact on the other side whose address the mail server refuses for good
    superuser.execute(
        "UPDATE contacts_workdetails SET email = %s WHERE email = %s", [REFUSED, HEALTH]
    )
    editor.opens(f"{partnership}touchpoints/new/")
    plans(editor, a_good_day(), "3:30pm")
    touchpoint = editor.path
    # When the e-mails go out
    arrived = post.goes_out()
    # Then the others get theirs
    assert SCHOOL in arrived
    assert REFUSED not in arrived
    # And the touchpoint says who got none and why
    editor.opens(touchpoint)
    editor.reads("Not delivered", f"Could not be delivered to {REFUSED}", "550", "No such mailbox")
    # And so do the contact and home
    editor.opens(partnership)
    editor.reads("Email refused on")
    editor.opens("/")
    editor.reads("Email refused")


def test_a_bounced_address_that_is_corrected_is_invited(
    browser_of: BrowserOf,
    scene: Scene,
    editor: Person,
    partnership: str,
    superuser: Superuser,
    post: Post,
) -> None:
    # Given an invitation that came back
    superuser.execute(
        "UPDATE contacts_workdetails SET email = %s WHERE email = %s", [REFUSED, HEALTH]
    )
    editor.opens(f"{partnership}touchpoints/new/")
    plans(editor, a_good_day(), "3:30pm")
    touchpoint = editor.path
    post.goes_out()
    # When the school, which recorded the contact, corrects the address from its home page
    editor.opens("/")
    editor.follows("Correct Health named’s email address")
    editor.reads("Their address refuses email")
    editor.fills({"Their work email address": CORRECTED})
    editor.presses("Save details")
    # Then nothing is marked any more
    editor.opens(partnership)
    editor.reads(CORRECTED)
    editor.finds_nothing_of("Email refused", REFUSED)
    # And the invitation goes to the corrected address
    assert CORRECTED in post.goes_out()
    editor.opens(touchpoint)
    editor.reads("Not delivered", "Delivered to the mail server")
