"""Logging a conversation with the keyboard alone: where the focus goes, and that it is seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.behind import Superuser, rows_in
from tests.browser.person import Person
from tests.cast import Cast
from tests.photographs import Photographs
from tests.touchpoints.scene import arrange

# What has the focus, in the words a screen reader has for it.
FOCUSED = """() => {
  const e = document.activeElement;
  const label = e.labels && e.labels[0];
  return (label ? label.innerText : e.getAttribute("aria-label") || e.innerText).trim();
}"""
# How the focused element is drawn; a radio button is drawn by its label.
DRAWN = """() => {
  const e = document.activeElement;
  const drawn = e.type === "radio" ? getComputedStyle(e.nextElementSibling, "::before")
    : getComputedStyle(e);
  return [drawn.outline, drawn.boxShadow, drawn.backgroundColor].join(" | ");
}"""
FOCUS_YELLOW = "rgb(255, 235, 59)"


@pytest.fixture
def editor(browser_of: Callable[..., Person], cast: Cast, photographs: Photographs) -> Person:
    """The school's editor, with the form of a conversation open."""
    scene = photographs.show(arrange, cast)
    slug = cast.organisation("school").slug
    person = browser_of("school_editor")
    person.opens(f"/o/{slug}/partnerships/{scene.partnership.ref}/conversations/new/")
    return person


def tab(page: Page) -> str:
    """Press Tab: what has the focus now, which has to be seen."""
    page.keyboard.press("Tab")
    drawn = page.evaluate(DRAWN)
    name = str(page.evaluate(FOCUSED))
    assert FOCUS_YELLOW in drawn, f"the focus on {name!r} is not seen: {drawn}"
    return name


def test_the_skip_link_leads_past_the_menu(editor: Person) -> None:
    assert tab(editor.page) == "Skip to main content"
    editor.page.keyboard.press("Enter")
    expect(editor.page.locator("#maincontent")).to_be_focused()
    assert tab(editor.page) == "What was said?"


def test_a_conversation_is_logged_without_a_mouse(editor: Person, superuser: Superuser) -> None:
    page = editor.page
    # Given someone who has skipped to the form
    tab(page)
    page.keyboard.press("Enter")
    # When they go through it, they meet each field once, in the order in which it is read
    order = [tab(page) for _ in range(10)]
    assert order[:5] == [
        "What was said?",
        "Day",
        "Month",
        "Year",
        "Everyone in the partnership",
    ]
    assert order[6:] == [
        "Say who took part",
        "Add what is to be done next",
        "Log conversation",
        "Cancel",
    ]
    # When they send it without a word
    page.keyboard.press("Shift+Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    # Then the summary has the focus, and its links lead to the fields
    editor.is_refused("Enter what was said", "Choose who can see it")
    assert tab(page) == "Enter what was said"
    page.keyboard.press("Enter")
    expect(editor.field("What was said?")).to_be_focused()
    # When they put it right
    page.keyboard.type("They can send two nurses.")
    for _ in range(4):
        tab(page)
    page.keyboard.press("Space")
    expect(focused(page)).to_be_checked()
    while tab(page) != "Log conversation":
        pass
    with page.expect_navigation():
        page.keyboard.press("Enter")
    # Then it is logged
    editor.reads("They can send two nurses.")
    assert rows_in(superuser, "conversations_conversation") == 1


def focused(page: Page) -> Locator:
    """What has the focus."""
    return page.locator(":focus")
