"""Filters over a list: folded on a phone, open on a desk, and a way back as soon as they hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import check_page
from tests.browser.person import Person
from tests.cast import Cast
from tests.people.arranging import page
from tests.record.arranging import opened

PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 800}
BrowserOf = Callable[..., Person]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_desk_shows_filters_at_once_and_a_phone_when_asked(
    browser_of: BrowserOf, cast: Cast, javascript: bool
) -> None:
    opened(cast)
    editor = browser_of("school_editor", java_script_enabled=javascript)
    words = editor.field("Name, organisation or school")
    summary = editor.page.locator("summary", has_text="Filter the list")

    editor.page.set_viewport_size(DESK)
    editor.opens(page(cast, "partnerships"))
    expect(words).to_be_visible()
    expect(summary).to_be_hidden()

    editor.page.set_viewport_size(PHONE)
    editor.opens(page(cast, "partnerships"))
    expect(words).to_be_hidden()
    summary.click()
    expect(words).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_what_narrows_the_list_can_be_cleared_and_stays_open_until_then(
    browser_of: BrowserOf, cast: Cast, javascript: bool
) -> None:
    opened(cast)
    opened(cast, partner="council", name="Careers")
    editor = browser_of("school_editor", java_script_enabled=javascript)
    editor.page.set_viewport_size(PHONE)
    editor.opens(page(cast, "partnerships"))
    clear = editor.page.get_by_role("link", name="Clear filters")
    expect(clear).to_have_count(0)

    editor.page.locator("summary", has_text="Filter the list").click()
    editor.fills({"Name, organisation or school": "Careers"})
    editor.page.get_by_role("button", name="Filter", exact=True).click()
    expect(editor.page.locator("#results")).to_contain_text("1 partnership")
    expect(editor.field("Name, organisation or school")).to_be_visible()
    clear.click()

    editor.reads("2 partnerships")
    expect(editor.field("Name, organisation or school")).to_have_value("")
    expect(clear).to_have_count(0)


def test_the_audit_trail_offers_the_way_back_too(browser_of: BrowserOf, cast: Cast) -> None:
    opened(cast)
    manager = browser_of("school_manager")
    manager.opens(page(cast, "audit"))

    manager.page.locator("summary", has_text="Filter events").click()
    manager.fills({"What was done": "partnership opened"})
    manager.page.get_by_role("button", name="Filter", exact=True).click()
    clear = manager.page.get_by_role("link", name="Clear filters")
    expect(clear).to_have_count(1)
    expect(manager.page.locator("#results")).not_to_contain_text("Organisation added")
    check_page(manager.page)
    clear.click()

    manager.page.wait_for_url(f"**{page(cast, 'audit')}")
    expect(clear).to_have_count(0)
