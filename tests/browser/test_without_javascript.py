"""The same work in a browser without JavaScript: nothing needs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import time_machine
from playwright.sync_api import BrowserContext

from tests.browser.behind import Superuser, rows_in
from tests.browser.person import Person
from tests.browser.stage import a_good_day
from tests.browser.story import starts_at
from tests.cast import Cast

TRUST = "The Dudley Group NHS Foundation Trust"
SAID = "They can send two nurses in the spring."


def test_the_work_of_a_partnership(
    new_context: Callable[..., BrowserContext], cast: Cast, superuser: Superuser
) -> None:
    # Given a browser in which no script runs
    context = new_context(java_script_enabled=False)
    editor = Person(context.new_page(), cast.users["school_editor"].email)
    # When its user signs in, finds an organisation and opens a partnership
    editor.signs_in()
    editor.follows("Find an organisation")
    editor.fills({"Name, code or postcode": "Dudly Group"})
    editor.presses("Search")
    editor.follows(TRUST)
    editor.follows("Open a partnership")
    editor.presses("Open partnership")
    editor.is_told(f"Partnership with {TRUST} opened")
    # And logs a conversation, at first without a word
    partnership = editor.path
    editor.follows("Log a conversation")
    editor.presses("Log conversation")
    editor.reads("There is a problem", "Enter what was said")
    editor.fills({"What was said?": SAID})
    editor.chooses("Everyone in the partnership")
    editor.presses("Log conversation")
    editor.reads(SAID)
    # And schedules a touchpoint that nobody can be told of yet
    editor.opens(f"{partnership}touchpoints/new/")
    day = a_good_day()
    editor.dates(day)
    editor.fills({"At what time?": "3.30pm"})
    editor.reads("Nobody at")
    editor.presses("Schedule")
    editor.is_told("Touchpoint scheduled")
    touchpoint = editor.path
    # And says what became of it
    with time_machine.travel(starts_at(day) + timedelta(hours=2), tick=True):
        editor.comes_back()
        editor.opens(touchpoint)
        editor.presses("Held")
        editor.presses("Record outcome")
        editor.is_told("Outcome recorded")
        # Then everything is there, once
        editor.opens(partnership)
        editor.reads(SAID, "Held")
    assert rows_in(superuser, "conversations_conversation") == 1
    assert rows_in(superuser, "touchpoints_touchpoint", "state = 'held'") == 1
