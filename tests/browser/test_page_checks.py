"""The browser checks find the faults that were seen on real pages, and pass a good one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.axe import BETWEEN, ROOT, WIDTHS, check_page, page_problems, watch

ADDRESS = "http://tandem.example/"
CSS = "body{font-family:arial;color:#212b32;background:#fff}"
GOOD = """<!DOCTYPE html><html lang="en-GB"><head><title>Partnerships – Tandem</title>
<link rel="stylesheet" href="/page.css"><meta name="viewport" content="width=device-width">
</head><body><main><h1>Partnerships</h1>BODY</main></body></html>"""


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    watch(context)
    yield context.new_page()
    context.close()


def problems(page: Page, html: str, css: str = CSS) -> list[str]:
    """What is found in a page served from an address that no server answers."""

    def answer(route: Route) -> None:
        if route.request.url.endswith(".css"):
            route.fulfill(body=css, content_type="text/css")
        elif route.request.resource_type == "document":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(body="", content_type="text/plain")

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(ADDRESS)
    return page_problems(page, widths=(320,))


def test_a_good_page_passes(browser_page: Page) -> None:
    assert problems(browser_page, GOOD.replace("BODY", "<p>Text</p>")) == []
    check_page(browser_page)


# Each fault with the words that tell of it; all stand on one page, as each visit takes seconds.
FAULTS = {
    "<h1>Another</h1>": "2 h1",
    '<p id="a"></p><p id="a"></p>': "ids used twice: ['a']",
    "<p>&lt;strong&gt;Bold&lt;/strong&gt;</p>": "tags printed as text",
    '<p style="margin:0">A</p>': "inline style",
    '<img src="/a.png">': "320 px: axe image-alt",
    '<img alt="" src="https://elsewhere.example/a.png">': "asked another host",
    "<script>console.error('told')</script>": "console: told",
    "<script>throw new Error('thrown')</script>": "thrown",
    "<pre>" + "wide" * 200 + "</pre>": "px too wide: MAIN., PRE.",
    '<p class="nhsuk-error-summary"><a href="#nowhere">A</a></p>': "error links that lead nowhere",
}


def test_each_fault_is_found(browser_page: Page) -> None:
    html = GOOD.replace("BODY", "".join(FAULTS)).replace('"en-GB"', '"en"')
    html = html.replace("Partnerships – Tandem", "Tandem")
    found = problems(browser_page, html, css="body{font-family:serif}")
    for words in [*FAULTS.values(), "language is", "title does not name", "type is serif"]:
        assert any(words in problem for problem in found), (words, found)


def test_from_the_small_phone_to_the_phone_no_style_changes() -> None:
    """So axe looks at all of a page at the one, and at where things lie at the other."""
    css = (ROOT / "static" / "build" / "tandem.css").read_text()
    told = re.findall(r"\((min|max)-width:\s*([\d.]+)(em|px)\)", css)
    pixels = {(end, float(number) * (16 if unit == "em" else 1)) for end, number, unit in told}
    small = WIDTHS[0]
    assert ("min", 641.0) in pixels
    assert not [p for end, p in pixels if end == "min" and small < p <= BETWEEN]
    assert not [p for end, p in pixels if end == "max" and small <= p < BETWEEN]


def test_no_style_depends_on_the_way_a_screen_is_held() -> None:
    """So axe need not read the style sheet for each page."""
    assert "orientation" not in (ROOT / "static" / "build" / "tandem.css").read_text()


def test_a_fault_is_told_once(browser_page: Page) -> None:
    assert problems(browser_page, GOOD.replace("BODY", "<script>console.error(1)</script>"))
    assert problems(browser_page, GOOD.replace("BODY", "")) == []


def test_an_unwatched_page_is_refused() -> None:
    class Unwatched:
        context = object()

    with pytest.raises((RuntimeError, TypeError)):
        page_problems(Unwatched())
