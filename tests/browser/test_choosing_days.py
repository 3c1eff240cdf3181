"""Choosing a day that clashes and taking a clear one instead; planning a series."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import BrowserContext, expect

from calendars.london import today
from calendars.working_days import bank_holidays
from tests.browser.behind import Superuser, rows_in
from tests.browser.person import Person
from tests.cast import Cast
from tests.touchpoints.scene import arrange


def easter_monday() -> date:
    """The next one."""
    days = [
        each.day
        for year in (today().year, today().year + 1)
        for each in bank_holidays(year)
        if each.name == "Easter Monday" and each.day > today()
    ]
    return days[0]


@pytest.fixture
def below(cast: Cast) -> str:
    scene = arrange(cast)
    slug = cast.organisation("school").slug
    return f"/o/{slug}/partnerships/{scene.partnership.ref}/touchpoints/"


def test_without_javascript_a_clear_day_is_taken_and_a_series_planned(
    new_context: Callable[..., BrowserContext], cast: Cast, superuser: Superuser, below: str
) -> None:
    # Given a browser in which no script runs, and a day that clashes
    context = new_context(java_script_enabled=False)
    editor = Person(context.new_page(), cast.users["school_editor"].email)
    editor.signs_in()
    editor.opens(f"{below}new/")
    editor.dates(easter_monday())
    editor.fills({"At what time?": "3:30pm", "Place or link": "Room 2"})
    # When they check it
    editor.presses("Check this day")
    # Then they read what it clashes with, and nothing is saved
    editor.reads("Easter Monday", "For schools", "Days that suit both sides")
    assert rows_in(superuser, "touchpoints_touchpoint") == 0
    # When they take the first clear day with one press
    take = editor.page.get_by_role("button", name="Take ").first
    wanted = take.inner_text().removeprefix("Take ")
    take.click()
    # Then what they typed is kept, and the touchpoint is on that day
    expect(editor.field("Place or link")).to_have_value("Room 2")
    editor.presses("Schedule and send invitations")
    editor.is_told("Touchpoint scheduled")
    editor.reads(wanted)
    # When they plan a series
    editor.opens(f"{below}series/")
    year = today().year + 1
    boxes = editor.page.locator(".nhsuk-date-input__input")
    for box, typed in enumerate(("1", "9", str(year), "21", "7", str(year + 1))):
        boxes.nth(box).fill(typed)
    editor.fills({"At what time?": "3:30pm"})
    editor.presses("Work out the dates")
    editor.reads("6 dates, nothing is saved yet")
    editor.page.get_by_text("Change date 2 or leave it out").click()
    editor.page.get_by_label("Leave date 2 out").check()
    editor.presses("Schedule all dates and send invitations")
    # Then all of them are there at once, but for the one left out
    editor.is_told("5 touchpoints scheduled")
    assert rows_in(superuser, "touchpoints_touchpoint") == 6


def test_with_the_keyboard_the_day_is_spoken_of_as_soon_as_it_is_typed(
    browser_of: Callable[..., Person], superuser: Superuser, below: str
) -> None:
    editor = browser_of("school_editor")
    editor.opens(f"{below}new/")
    keyboard, day = editor.page.keyboard, easter_monday()
    # Given somebody who types a day that clashes, box by box
    editor.field("Day").focus()
    for part in (day.day, day.month, day.year):
        keyboard.type(str(part))
        keyboard.press("Tab")
    # Then it is said without anything being pressed
    report = editor.page.locator("#day-report")
    expect(report).to_contain_text("Easter Monday")
    # When they go on to the first clear day, and take it with the space bar
    keyboard.press("Tab")
    take = editor.page.get_by_role("button", name="Take ").first
    expect(take).to_be_focused()
    wanted = take.inner_text().removeprefix("Take ")
    with editor.page.expect_navigation():
        keyboard.press("Space")
    expect(editor.page.locator("#day-report")).to_contain_text(wanted)
    # And press Enter in the field of the time, which schedules and does not only check
    editor.field("At what time?").focus()
    keyboard.type("3:30pm")
    with editor.page.expect_navigation():
        keyboard.press("Enter")
    editor.is_told("Touchpoint scheduled")
    editor.reads(wanted)
    assert rows_in(superuser, "touchpoints_touchpoint") == 1
