"""What every page must pass in a real browser, for journeys to call after each step.

    watch(context)                      # once, before the first page is opened
    page.goto(…)
    check_page(page)                    # at 320, 390 and 1280 pixels

axe alone passed pages with serif type, checkboxes drawn as circles and tags printed as text,
so more than axe is looked at. Screenshots still need a person's eyes: give `picture`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (320, 390, 1280)
# Between this width and the first no style sheet changes anything (`test_page_checks` asks), so
# of axe's rules only those about where things lie can find something new.
BETWEEN = 390
# Where tables are no longer stacked, but have the least room.
NARROWEST_TABLE = 800
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WHOLE = {"type": "tag", "values": list(TAGS)}
LAYOUT = {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}
# Style sheets are not read anew for each page: of axe's rules only the one on the way that a
# screen is held needs that, and ours ask nothing of it (`test_page_checks`).
OPTIONS = {"resultTypes": ["violations"], "preload": False}
PRINTED_TAG = re.compile(r"</?(?:a|b|br|div|em|li|p|span|strong|table|td|th|tr|ul)(?:\s[^<>]*)?>")

# Faults of the NHS components themselves, in the markup of nhsuk-frontend 10.6.1: a radio button
# that reveals a field says aria-expanded; the upload button's name adds to its visible words.
ACCEPTED = {
    ("aria-allowed-attr", "nhsuk-radios__input"),
    ("label-content-name-mismatch", "nhsuk-file-upload__drop-button"),
}

# Playwright itself hides the caret by a style attribute when it takes a picture.
FACTS = """() => ({
  headings: [...document.querySelectorAll("h1")].map(h => h.innerText.trim()),
  title: document.title,
  language: document.documentElement.lang,
  font: getComputedStyle(document.body).fontFamily,
  text: document.body.innerText,
  ids: [...document.querySelectorAll("[id]")].map(e => e.id),
  brokenErrorLinks: [...document.querySelectorAll(".nhsuk-error-summary a")]
    .map(a => a.getAttribute("href"))
    .filter(href => {
      const target = document.getElementById(href.slice(1));
      return !target || !target.matches("input, select, textarea, button, [tabindex]");
    }),
  unsafe: [...document.querySelectorAll(
      "[style]:not([style*=caret-color]), [onclick], script:not([src]), style")]
    .map(e => e.outerHTML.slice(0, 120)),
})"""

# Loaded, and with nothing under way that a script asked for.
SETTLED = """() => document.readyState === "complete" && !document.querySelector(".htmx-request")"""

# The scripts hear of the new width by the next frame; the menu folds itself up a moment later.
OVERFLOW = """async () => {
  const over = () => document.documentElement.scrollWidth - window.innerWidth;
  const end = performance.now() + 2000;
  do await new Promise(requestAnimationFrame); while (over() > 0 && performance.now() < end);
  if (over() <= 0) return null;
  const widest = [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1
      || e.scrollWidth > window.innerWidth)
    .slice(-3).map(e => e.tagName + "." + e.className);
  return `${over()} px too wide: ${widest.join(", ")}`;
}"""


@dataclass
class Seen:
    """What a browser context has complained about and asked for since it was last checked."""

    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


_seen: WeakKeyDictionary[BrowserContext, Seen] = WeakKeyDictionary()


def watch(context: BrowserContext) -> None:
    """Start noting console errors, failed scripts and every request of a context."""
    seen = _seen[context] = Seen()

    def on_console(message: Any) -> None:
        # A page that answers 404 by design is reported as a failed resource: its own address.
        own = message.page is not None and message.location.get("url") == message.page.url
        if message.type == "error" and not (own and "Failed to load resource" in message.text):
            seen.problems.append(f"console: {message.text}")

    context.on("console", on_console)
    context.on("weberror", lambda error: seen.problems.append(f"script: {error.error}"))
    context.on("request", lambda request: seen.requests.append(request.url))


def page_problems(
    page: Page,
    *,
    widths: Sequence[int] = WIDTHS,
    picture: Path | None = None,
    allow_printed_tags: bool = False,
) -> list[str]:
    """Everything wrong with the page as it stands; empty when it is as it should be."""
    seen = _seen.get(page.context)
    if seen is None:
        raise RuntimeError("Call watch(context) before the first page is opened")
    page.wait_for_function(SETTLED)
    _bring_axe(page)
    problems = _facts(page, allow_printed_tags=allow_printed_tags)
    before = page.viewport_size
    page.set_viewport_size({"width": NARROWEST_TABLE, "height": 900})
    problems += _overflow(page, NARROWEST_TABLE)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        problems += _overflow(page, width)
        problems += _axe(page, width, LAYOUT if width == BETWEEN else WHOLE)
        if picture is not None:
            path = picture.with_name(f"{picture.name}-{width}.png")
            page.screenshot(path=path, full_page=True)
    if before is not None:
        page.set_viewport_size(before)
    host = urlsplit(page.url).netloc
    problems += [
        f"asked another host: {url}"
        for url in seen.requests
        if urlsplit(url).scheme != "data" and urlsplit(url).netloc != host
    ]
    problems += seen.problems
    seen.problems.clear()
    seen.requests.clear()
    return problems


def check_page(page: Page, **options: Any) -> None:
    """Fail with everything that `page_problems` finds."""
    problems = page_problems(page, **options)
    assert not problems, f"{page.url}\n" + "\n".join(f"  - {problem}" for problem in problems)


def _facts(page: Page, *, allow_printed_tags: bool) -> list[str]:
    facts = page.evaluate(FACTS)
    twice = {name for name in facts["ids"] if facts["ids"].count(name) > 1}
    found = {
        f"{len(facts['headings'])} h1: {facts['headings']}": len(facts["headings"]) != 1,
        f"title does not name page and service: {facts['title']!r}": not re.fullmatch(
            r".*\w.* – \w.*", facts["title"]
        ),
        f"language is {facts['language']!r}": facts["language"] != "en-GB",
        f"type is {facts['font']}": not facts["font"].lower().startswith("arial"),
        f"ids used twice: {sorted(twice)}": bool(twice),
        f"error links that lead nowhere: {facts['brokenErrorLinks']}": bool(
            facts["brokenErrorLinks"]
        ),
        f"inline style or script: {facts['unsafe']}": bool(facts["unsafe"]),
    }
    if not allow_printed_tags:
        found["tags printed as text"] = bool(PRINTED_TAG.search(facts["text"]))
    return [problem for problem, wrong in found.items() if wrong]


def _overflow(page: Page, width: int) -> list[str]:
    too_wide = page.evaluate(OVERFLOW)
    return [f"{width} px: {too_wide}"] if too_wide else []


def _bring_axe(page: Page) -> None:
    """Give axe to the page that stands, and to those that follow it as they open."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_init_script(path=AXE)
        page.evaluate(AXE.read_text())


def _axe(page: Page, width: int, rules: Mapping[str, Any]) -> list[str]:
    # Only what is wrong comes back: the lists of what is right are long.
    violations = page.evaluate(
        "options => axe.run(document, options).then(result => result.violations)",
        {**OPTIONS, "runOnly": rules},
    )
    problems = []
    for violation in violations:
        rule = violation["id"]
        nodes = [
            node["html"][:160]
            for node in violation["nodes"]
            if not any(rule == id_ and part in node["html"] for id_, part in ACCEPTED)
        ]
        if nodes:
            problems.append(f"{width} px: axe {rule}: {violation['help']}: {nodes[:3]}")
    return problems
