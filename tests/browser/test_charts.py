"""Charts in a browser: readable on a phone, no words over others, and all that axe asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from frontend.charts import Bar, Line, Point, Series, Year, bars, chart
from tests.browser.axe import ROOT, check_page, watch
from tests.browser.markup import faults_in

ADDRESS = "http://tandem.example/"
STYLE_SHEET = ROOT / "static" / "build" / "tandem.css"
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'"
PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Charts – Tandem</title>
<link rel="stylesheet" href="/page.css"><link rel="icon" href="/icon.svg">
<meta name="viewport" content="width=device-width"></head>
<body><div class="nhsuk-width-container"><main><h1>Charts</h1>
<p><a href="/">Home</a></p>{}</main></div></body></html>"""
ICON = "<svg xmlns='http://www.w3.org/2000/svg'/>"
MASKED = "Masked: 1 to 7"
TERMS = (("Autumn term", 9, 12), ("Spring term", 1, 3), ("Summer term", 4, 7))

# The size of type as it is printed, and which words lie over others or outside their drawing. Boxes
# of text are as tall as its tallest letters and deepest tails, so that neighbours may touch.
WORDS = """() => [...document.querySelectorAll("svg")].map(svg => {
  const outer = svg.getBoundingClientRect();
  const words = [...svg.querySelectorAll("text")];
  const boxes = words.map(word => word.getBoundingClientRect());
  const wrong = [];
  boxes.forEach((a, i) => {
    if (a.left < outer.left || a.right > outer.right || a.bottom > outer.bottom)
      wrong.push(`outside: ${words[i].textContent}`);
    boxes.slice(i + 1).forEach((b, j) => {
      if (a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom)
        wrong.push(`${words[i].textContent} over ${words[i + 1 + j].textContent}`);
    });
  });
  const scale = outer.width / svg.viewBox.baseVal.width;
  return {size: parseFloat(getComputedStyle(words[0]).fontSize) * scale, wrong};
})"""
COLOURS = """kind => [...new Set([...document.querySelectorAll(kind)].map(
  part => getComputedStyle(part).stroke))]"""


def terms(*values: Decimal | int | str) -> list[Point]:
    """A point a term from autumn 2024; words are why there is no value."""
    made = []
    for count, value in enumerate(values):
        name, begins, ends = TERMS[count % 3]
        year = 2024 + count // 3 + (count % 3 > 0)
        period = f"{name} {year}", date(year, begins, 1), date(year, ends, 20)
        masked = isinstance(value, str)
        made.append(Point(*period, *(None, value) if masked else (value, "")))
    return made


def charts() -> list[Any]:
    """What pages show: percentages with levels, several series with gaps, months, bars."""
    years = [Year(f"{y}/{y - 1999}", date(y, 9, 1), date(y + 1, 8, 31)) for y in (2024, 2025)]
    quarters = [Year(f"{y}/{y - 1999}", date(y, 4, 1), date(y + 1, 3, 31)) for y in (2024, 2025)]
    return [
        chart(
            finding="Attendance rose over six terms and is still under the target.",
            unit="Per cent of sessions attended",
            series=[Series("Attendance", terms(*map(Decimal, ("91", "91.5", "90.2", "92.4"))))],
            lines=[Line("Baseline", Decimal("90.8")), Line("Target", 95)],
            years=years,
            ceiling=Decimal(100),
        ),
        chart(
            finding="The clinics reached more pupils in every school but one.",
            unit="Pupils seen",
            series=[
                Series("Riverside Community Primary School", terms(40, 35, MASKED, 20, 18, 15)),
                Series("Hill Top", terms(10, 12, MASKED, "Withheld", 12, 15)),
                Series("Marsh Lane", terms(0, 5, 10, MASKED, 40, 15)),
                Series("Station Road", terms(22, 22, 22, 22, 22, 22)),
            ],
            lines=[Line("Baseline", 20), Line("Target", 22), Line("National average", 21)],
            years=[*years, *quarters],
        ),
        bars(
            finding="The drop-in was the best attended.",
            unit="Pupils who came",
            rows=[Bar("Clinic, 3 October 2026", 18), Bar("Drop-in", 45), Bar("Talk", None, MASKED)],
        ),
        chart(finding="No reading yet.", unit="Pupils", series=[]),
    ]


def written() -> str:
    """The page as a server sends it."""
    return PAGE.format("".join(map(str, charts())))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with the charts, under the policy that forbids whatever is inline."""
    context = browser.new_context()
    watch(context)
    opened = context.new_page()

    def answer(route: Route) -> None:
        if route.request.url.endswith(".css"):
            route.fulfill(path=STYLE_SHEET, content_type="text/css")
        elif route.request.resource_type == "document":
            route.fulfill(
                body=written(),
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": POLICY},
            )
        else:
            route.fulfill(body=ICON, content_type="image/svg+xml")

    opened.route("**/*", answer)
    opened.goto(ADDRESS)
    yield opened
    context.close()


def test_the_markup_is_valid(tmp_path: Path) -> None:
    assert faults_in({"charts": written()}, tmp_path) == []


def test_charts_pass_the_checks_of_every_page(page: Page) -> None:
    check_page(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_words_are_large_enough_and_apart(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for drawing in page.evaluate(WORDS):
        assert drawing["size"] >= 12
        assert drawing["wrong"] == []


def test_print_is_black_and_forced_colours_are_the_readers_own(page: Page) -> None:
    parts = ".app-chart__line, .app-chart__marker, .app-chart__level, .app-chart__hatch"
    assert len(page.evaluate(COLOURS, parts)) > 3
    page.emulate_media(media="print")
    assert page.evaluate(COLOURS, parts) == ["rgb(0, 0, 0)"]
    page.emulate_media(media="screen", forced_colors="active")
    assert len(page.evaluate(COLOURS, parts)) == 1
