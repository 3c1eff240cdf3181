"""What goes wrong with forms in real browsers, and that nothing is half-written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.behind import Superuser, end_sessions, places_holding, rows_in
from tests.browser.person import Person
from tests.cast import Cast
from tests.photographs import Photographs
from tests.touchpoints.scene import Scene, arrange

CONVERSATIONS = "conversations_conversation"
SAID = "They can send two nurses in the spring."
NHS_NUMBER = "943 476 5919"


@pytest.fixture
def scene(cast: Cast, photographs: Photographs) -> Scene:
    return photographs.show(arrange, cast)


@pytest.fixture
def log_page(scene: Scene) -> str:
    slug = scene.cast.organisation("school").slug
    return f"/o/{slug}/partnerships/{scene.partnership.ref}/conversations/new/"


BrowserOf = Callable[..., Person]


def test_an_empty_conversation_says_what_is_missing(
    browser_of: BrowserOf, log_page: str, superuser: Superuser
) -> None:
    # Given the form of a conversation
    editor = browser_of("school_editor")
    editor.opens(log_page)
    # When it is sent as it is, with blanks for words
    editor.fills({"What was said?": "   "})
    editor.presses("Log conversation")
    # Then the summary at the top has the focus and leads to what is missing
    editor.is_refused("Enter what was said", "Choose who can see it")
    editor.follows("Choose who can see it")
    expect(editor.page.get_by_role("radio", name="Everyone in the partnership")).to_be_focused()
    editor.follows("Enter what was said")
    expect(editor.field("What was said?")).to_be_focused()
    # And nothing was stored
    assert rows_in(superuser, CONVERSATIONS) == 0


@pytest.mark.parametrize("javascript", [True, False], ids=["JavaScript", "no JavaScript"])
def test_a_double_click_logs_one_conversation(
    browser_of: BrowserOf, log_page: str, superuser: Superuser, javascript: bool
) -> None:
    # Given a conversation, ready to be sent
    editor = browser_of("school_editor", java_script_enabled=javascript)
    editor.opens(log_page)
    fill_in(editor)
    # When the button is clicked twice
    button = editor.page.get_by_role("button", name="Log conversation", exact=True)
    button.dblclick(no_wait_after=True)
    editor.page.wait_for_url(lambda url: not url.endswith("/new/"))
    # Then it is logged once, and its page is there
    editor.reads(SAID)
    assert rows_in(superuser, CONVERSATIONS) == 1


def test_going_back_and_sending_again_logs_nothing_twice(
    browser_of: BrowserOf, log_page: str, superuser: Superuser
) -> None:
    # Given a conversation that has been logged
    editor = browser_of("school_editor")
    editor.opens(log_page)
    fill_in(editor)
    editor.presses("Log conversation")
    editor.reads(SAID)
    # When they go back in the browser, which shows their words in a form of another key
    editor.page.go_back()
    expect(editor.field("What was said?")).to_have_value(SAID)
    # And send it again
    editor.presses("Log conversation")
    # Then they are told, and it is not logged again
    editor.is_refused("You have logged exactly this already")
    assert rows_in(superuser, CONVERSATIONS) == 1


def test_a_form_sent_after_the_session_ended_survives_the_sign_in(
    browser_of: BrowserOf, log_page: str, superuser: Superuser
) -> None:
    # Given a conversation written while the session ended
    editor = browser_of("school_editor")
    editor.opens(log_page)
    fill_in(editor)
    end_sessions(superuser)
    # When it is sent, and they sign in
    editor.presses("Log conversation")
    assert editor.path == "/account/login/"
    editor.signs_in()
    # Then nothing has been stored yet, and what they typed is there
    editor.is_told("You were signed out before this was saved")
    expect(editor.field("What was said?")).to_have_value(SAID)
    assert editor.page.get_by_role("radio", name="Everyone in the partnership").is_checked()
    assert rows_in(superuser, CONVERSATIONS) == 0
    # When they send it again
    editor.presses("Log conversation")
    # Then it is logged, once
    editor.reads(SAID)
    assert rows_in(superuser, CONVERSATIONS) == 1


def test_an_nhs_number_is_refused_and_stored_nowhere(
    browser_of: BrowserOf, log_page: str, superuser: Superuser
) -> None:
    # Given somebody who writes an NHS number into a conversation
    editor = browser_of("school_editor")
    editor.opens(log_page)
    fill_in(editor, f"Please see {NHS_NUMBER} about it.")
    # When they send it
    editor.presses("Log conversation")
    # Then it is refused with the reason
    editor.is_refused("NHS number")
    # And neither the record, the audit trail, a session nor the cache holds it
    assert places_holding(superuser, NHS_NUMBER.replace(" ", "")) == []
    # When the session ends and it is sent once more
    end_sessions(superuser)
    editor.fills({"What was said?": f"About {NHS_NUMBER.replace(' ', '-')}"})
    editor.presses("Log conversation")
    # Then not even what is kept across the sign-in has it
    assert places_holding(superuser, NHS_NUMBER.replace(" ", "")) == []
    editor.signs_in()
    editor.finds_nothing_of("5919")
    assert rows_in(superuser, CONVERSATIONS) == 0


def fill_in(editor: Person, said: str = SAID) -> None:
    editor.fills({"What was said?": said})
    editor.chooses("Everyone in the partnership")
