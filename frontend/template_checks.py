"""Faults that can be seen in a template without rendering it; `check_templates` lists them.

The content security policy would block what is refused here, but only in a browser and only
on the page where somebody looks. Not here: how pages look and read (tests/browser).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from django.conf import settings
from django.template import TemplateSyntaxError, engines

STYLE_SHEET = "static/build/tandem.css"
SCRIPT = "node_modules/nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.js"

COMMENT = re.compile(r"\{#.*?#\}|\{%-?\s*comment\b.*?endcomment\s*-?%\}|<!--.*?-->", re.DOTALL)
# A tag up to its end; what stands between {{ }} or {% %} may hold a ">".
TAG = re.compile(r"<(?P<name>[a-zA-Z][\w-]*)(?P<rest>(?:\{\{.*?\}\}|\{%.*?%\}|[^<>])*)>", re.DOTALL)
CLASS_NAME = re.compile(r"(?<![\w/.-])(?:nhsuk|app)-[a-z][\w-]*")
NAME_IN_CSS = re.compile(r"\.((?:nhsuk|app)-[\w-]+)")

# What is refused in any tag: the pattern is looked for in the tag's attributes.
ATTRIBUTES = {
    r"(?<![\w-])style\s*=": "a style attribute; use a class",
    r"(?<![\w-])on[a-z]+\s*=": "an event attribute; use a module in static/js",
    r"(?<![\w-])hx-on\b": "hx-on runs inline script; use a module in static/js",
    r"javascript:": "a javascript: address",
}
OUTSIDE = re.compile(r"(?:src|href|action|srcset|hx-\w+)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE)
# What is refused in the source of our Jinja pages.
JINJA = {
    r"\|\s*safe\b": "`|safe`; print a component or Markup from Python instead",
    r"autoescape\s+false": "escaping switched off",
    r"(?:import|from|include|extends)\s+[\"']nhsuk/": "an NHS macro; call `nhs.<name>(…)`",
}


@dataclass(frozen=True, order=True)
class Fault:
    """Something to put right: where, and what."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def check_folders() -> list[Fault]:
    """Every fault in the template folders of the settings."""
    faults: list[Fault] = []
    configured: list[dict[str, Any]] = settings.TEMPLATES
    for options in configured:
        engine = options.get("NAME") or options["BACKEND"].rsplit(".", 2)[-2]
        for folder in map(Path, options["DIRS"]):
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    name = path.relative_to(folder).as_posix()
                    faults += check_template(engine, name, path)
    return faults


def check_template(engine: str, name: str, path: Path) -> list[Fault]:
    """Compile one template and look through its source."""
    shown = path.relative_to(settings.BASE_DIR) if path.is_relative_to(settings.BASE_DIR) else path
    faults = [Fault(str(shown), line, text) for line, text in _compile(engine, name)]
    source = COMMENT.sub(_blank, path.read_text())
    faults += [
        Fault(str(shown), source.count("\n", 0, position) + 1, text)
        for position, text in check_source(source, jinja=engine == "jinja2")
    ]
    return sorted(faults)


def check_source(source: str, *, jinja: bool) -> Iterator[tuple[int, str]]:
    """Positions and texts of the faults in a source without comments."""
    for tag in TAG.finditer(source):
        yield from ((tag.start(), text) for text in _check_tag(tag["name"].lower(), tag["rest"]))
    if jinja:
        for pattern, text in JINJA.items():
            yield from ((match.start(), text) for match in re.finditer(pattern, source))
    known = known_classes()
    for match in CLASS_NAME.finditer(source):
        # `nhsuk-grid-column-{{ column }}`: the rest of the name is known only on the page.
        unfinished = source.startswith("{{", match.end())
        word = match.group()
        if word not in known and not (unfinished and any(c.startswith(word) for c in known)):
            yield match.start(), f"the class {word} is in no style sheet, component or script"


def _check_tag(name: str, rest: str) -> Iterator[str]:
    for pattern, text in ATTRIBUTES.items():
        if re.search(pattern, rest):
            yield text
    if name == "style":
        yield "a style element; put the rules in static/scss"
    if name == "script" and not re.search(r"\bsrc\s*=", rest):
        yield "an inline script; put it in static/js"
    # People may follow a link elsewhere; nothing may be fetched from or sent to elsewhere.
    if name != "a" and OUTSIDE.search(rest):
        yield "another host; the page may fetch from ours alone"


def _compile(engine: str, name: str) -> Iterator[tuple[int, str]]:
    backend: Any = engines[engine]
    try:
        if engine == "jinja2":
            backend.env.get_template(name)
        else:
            backend.get_template(name)
    except jinja2.TemplateSyntaxError as problem:
        yield problem.lineno, f"does not compile: {problem.message}"
    except (jinja2.TemplateError, TemplateSyntaxError) as problem:
        yield 1, f"does not compile: {problem}"


def _blank(match: re.Match[str]) -> str:
    """As many lines as the comment had, so that line numbers stay true."""
    return "\n" * match.group().count("\n")


@cache
def known_classes() -> frozenset[str]:
    """The names of our style sheet, of the components' markup and of their script.

    Raises FileNotFoundError where the style sheet is not built.
    """
    names = set(NAME_IN_CSS.findall((settings.BASE_DIR / STYLE_SHEET).read_text()))
    names |= set(CLASS_NAME.findall((settings.BASE_DIR / SCRIPT).read_text()))
    for path in resources.files("nhsuk_frontend_jinja").joinpath("templates").rglob("*.jinja"):  # type: ignore[attr-defined]
        names |= set(CLASS_NAME.findall(path.read_text()))
    return frozenset(names)
