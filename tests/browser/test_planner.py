"""The planner in a browser: by keyboard, without JavaScript, on a phone, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.person import Person
from tests.browser.stage import a_good_day
from tests.cast import Cast
from tests.touchpoints.scene import Scene, arrange, schedule

FOCUSED = "() => (document.activeElement.ariaLabel || document.activeElement.innerText).trim()"
INSIDE = "() => !!document.activeElement.closest('.app-strip-view')"
# Each leaf of a PDF, not the list of them.
LEAF = re.compile(rb"/Type\s*/Page[^s]")
A4_ACROSS = re.compile(rb"/MediaBox \[0 0 84[12]\.?\d* 59[45]\.?\d*\]")


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """A partnership with a touchpoint ahead."""
    scene = arrange(cast)
    schedule(scene, date=a_good_day())
    return scene


def address(scene: Scene, more: str = "") -> str:
    return f"/o/{scene.cast.organisation('school').slug}/planner/{more}"


def tab_to(page: Page, words: str, most: int = 60) -> None:
    """Press Tab until what these words name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"the keyboard does not reach {words!r}")


def test_by_keyboard_from_the_year_to_a_touchpoint(
    browser_of: Callable[..., Person], scene: Scene
) -> None:
    page = browser_of("school_editor").page
    page.goto(address(scene))
    # The strip itself takes the focus, so that the arrows scroll it, and then what is in it
    tab_to(page, "at a glance")
    page.keyboard.press("Tab")
    assert page.evaluate(INSIDE)
    # A quarter is reached from the controls, and shown
    page.goto(address(scene))
    tab_to(page, "Quarter")
    page.keyboard.press("Enter")
    expect(page.locator("h2").first).to_contain_text("Q")
    # And from the agenda of the day's own quarter the touchpoint
    page.goto(address(scene, f"?view=quarter&at={a_good_day()}"))
    tab_to(page, "Short update", most=120)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/touchpoints/"))


def test_without_javascript(
    new_context: Callable[..., BrowserContext], scene: Scene, cast: Cast
) -> None:
    context = new_context(java_script_enabled=False)
    editor = Person(context.new_page(), cast.users["school_editor"].email)
    editor.signs_in()
    editor.follows("Planner")
    page = editor.page
    # The strip is open on a desk, and shows the touchpoint
    expect(page.locator(".app-strip")).to_be_visible()
    expect(page.locator(".app-strip .app-bar--mark")).to_have_count(1)
    # Filters are a plain form
    page.get_by_label("Show", exact=True).select_option("Own periods")
    editor.presses("Filter")
    editor.reads("Nothing of that kind here")
    page.get_by_role("link", name="Clear filters").first.click()
    page.get_by_role("link", name="Month", exact=True).click()
    expect(page.get_by_role("table")).to_be_visible()
    editor.follows("Next month")
    expect(page.get_by_role("table")).to_be_visible()


def test_on_a_phone_the_agenda_comes_first(browser_of: Callable[..., Person], scene: Scene) -> None:
    page = browser_of("school_editor").page
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address(scene))

    expect(page.locator(".app-strip")).to_be_hidden()
    expect(page.get_by_role("heading", name="Day by day")).to_be_in_viewport()
    page.get_by_text("See the year at a glance").click()
    today = page.locator(".app-strip__now-label")
    expect(today).to_be_in_viewport()
    names, label = page.locator(".app-strip__name").first.bounding_box(), today.bounding_box()
    assert names is not None
    assert label is not None
    assert label["x"] >= names["x"] + names["width"], "today is not behind the names of the rows"


@pytest.mark.parametrize("view", ["year", "term", "quarter", "month"])
def test_it_prints_on_one_page_of_a4_across(
    browser_of: Callable[..., Person], scene: Scene, view: str, tmp_path: Path
) -> None:
    page = browser_of("school_editor").page
    page.goto(address(scene, f"?view={view}"))

    printed = page.pdf(path=tmp_path / "planner.pdf", prefer_css_page_size=True)

    assert len(LEAF.findall(printed)) == 1
    assert A4_ACROSS.search(printed)
