"""`check_templates` finds what the content security policy would block."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from frontend import template_checks
from frontend.template_checks import check_source


def faults(source: str, *, jinja: bool = True) -> list[str]:
    return [text for _, text in check_source(source, jinja=jinja)]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('<p style="color:red">', "style attribute"),
        ('<p title="{{ a > b }}" style="x">', "style attribute"),
        ("<style>p{}</style>", "style element"),
        ("<script>x()</script>", "inline script"),
        ('<button onclick="x()">', "event attribute"),
        ('<button hx-on:click="x()">', "hx-on"),
        ('<a href="javascript:x()">', "javascript: address"),
        ('<img src="https://elsewhere.example/a.png">', "another host"),
        ('<link href="//elsewhere.example/a.css">', "another host"),
        ('<form action="http://elsewhere.example/">', "another host"),
        ('<p class="nhsuk-headng-l">', "nhsuk-headng-l"),
        ('<p class="app-nowhere">', "app-nowhere"),
        ("{{ text|safe }}", "|safe"),
        ("{% autoescape false %}", "escaping"),
        ('{% from "nhsuk/components/tag/macro.jinja" import tag %}', "nhs.<name>"),
    ],
)
def test_what_is_refused(source: str, words: str) -> None:
    found = faults(source)
    assert len(found) == 1, found
    assert words in found[0]


@pytest.mark.parametrize(
    "source",
    [
        '<h1 class="nhsuk-heading-l app-muted">Ongoing = 3 > 2</h1>',
        '<div class="nhsuk-grid-column-{{ column }}">',
        '<a href="https://www.nationalarchives.gov.uk/">Licence</a>',
        """<script src="{{ static('js/start.js') }}" type="module"></script>""",
        '<div data-module="nhsuk-radios" aria-controls="online">',
        "{{ static('nhsuk/nhsuk-frontend.min.js') }}",
    ],
)
def test_what_is_allowed(source: str) -> None:
    assert faults(source) == []


def test_our_templates_keep_to_the_rules() -> None:
    call_command("check_templates")
    assert template_checks.check_folders() == []


def test_a_bad_template_is_named_with_its_line(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "bad.jinja").write_text("{# a\ncomment #}\n<p onclick=x>\n")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    assert [(f.line, Path(f.path).name) for f in template_checks.check_folders()][-1] == (
        3,
        "bad.jinja",
    )
    with pytest.raises(CommandError, match="to put right"):
        call_command("check_templates")


@pytest.mark.parametrize(("number", "source"), [(0, "{% if %}"), (1, "{% nosuchtag %}")])
def test_a_template_that_does_not_compile(
    number: int, source: str, tmp_path: Path, settings: Any
) -> None:
    (tmp_path / "broken.html").write_text(source)
    settings.TEMPLATES = [{**settings.TEMPLATES[number], "DIRS": [tmp_path]}]
    assert any("does not compile" in fault.text for fault in template_checks.check_folders())
