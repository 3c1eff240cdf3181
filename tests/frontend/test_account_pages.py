"""allauth's pages: our layout, our words, and every element of theirs as an NHS component."""

from __future__ import annotations

import gettext
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Origin, Template, engines
from django.test import RequestFactory

from tests.frontend.page import Element, read

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale" / "en_GB" / "LC_MESSAGES"


def element(source: str, **context: object) -> Element:
    # allauth asks an element's template for its name, which one made of a text has not.
    origin = Origin("page.html", template_name="page.html")
    django: Any = engines["django"]
    template = Template("{% load allauth %}" + source, origin, engine=django.engine)
    return read(template.render(Context(context)))


@pytest.mark.parametrize(
    ("tags", "classes"),
    [
        ("prominent,login", ["nhsuk-button"]),
        ("outline,cancel", ["nhsuk-button", "nhsuk-button--secondary"]),
        ("danger,delete", ["nhsuk-button", "nhsuk-button--warning"]),
    ],
)
def test_buttons(tags: str, classes: list[str]) -> None:
    button = element(
        '{% element button type="submit" tags=tags %}Go{% endelement %}', tags=tags
    ).one("button")
    assert button.classes == classes
    # An empty form="" would cut the button off its form.
    assert "form" not in button.attrs
    assert button.text == "Go"


def test_a_button_of_another_form_and_a_link() -> None:
    assert (
        element('{% element button form="resend" %}Again{% endelement %}')
        .one("button")
        .attrs["form"]
        == "resend"
    )
    assert (
        element('{% element button href="/x" %}Go{% endelement %}').one("a").attrs["href"] == "/x"
    )


def test_a_field_with_a_badge_in_its_label() -> None:
    tree = element(
        '{% element field type="radio" checked=True name="email" value=nasty id="a" %}'
        "{% slot label %}{{ nasty }} {% element badge tags='verified' %}Confirmed{% endelement %}"
        "{% endslot %}{% endelement %}",
        nasty="<script>",
    )
    assert tree.by_id("a").attrs["value"] == "<script>"
    assert tree.one(".nhsuk-tag").text == "Confirmed"
    assert not tree.all("script")


def test_a_field_with_errors() -> None:
    tree = element(
        '{% element field id="a" name="email" type="email" errors=errors %}'
        "{% slot label %}Address{% endslot %}{% endelement %}",
        errors=["<b>Wrong</b>"],
    )
    assert tree.one(".nhsuk-error-message").text == "Error: <b>Wrong</b>"
    assert tree.one("label").attrs["for"] == "a"


def test_every_account_page_has_its_own_words() -> None:
    """No heading in Title Case, no text of allauth's left in the templates that we override."""
    for path in (settings.BASE_DIR / "templates" / "django" / "account").glob("*.html"):
        source = path.read_text()
        assert "{% trans" not in source, path.name
        assert "{% blocktrans" not in source, path.name


def test_the_compiled_words_are_those_in_the_source() -> None:
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    pairs = re.findall(r'msgid "(.+)"\nmsgstr "(.+)"', (CATALOGUE / "django.po").read_text())
    assert len(pairs) > 20
    for msgid, msgstr in pairs:
        assert compiled.gettext(msgid) == msgstr


def test_the_layout_of_account_pages_is_the_layout_of_ours() -> None:
    template = engines["django"].from_string(
        '{% extends "allauth/layouts/base.html" %}{% block head_title %}T{% endblock %}'
        "{% block content %}<h1>T</h1>{% endblock %}"
    )
    asked = RequestFactory().get("/account/login/")
    asked.actor = None  # type: ignore[attr-defined]
    tree = read(template.render({}, asked))
    assert tree.one("title").text == "T – Tandem"
    assert tree.one(".nhsuk-header__service-name").text == "Tandem"
    assert "Open Government Licence" in tree.one("footer").text
    assert tree.one(".nhsuk-grid-column-two-thirds").one("h1").text == "T"
