"""The layout around every page: who is looking, where they can go, what went wrong."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.contrib.messages import constants
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory

from frontend import navigation
from frontend.context import page_context
from tests.frontend.page import Element, read

PAGE = """{% extends "layout/page.jinja" %}
{% set title = "Conversations" %}
{% block before_content %}{{ back_link("/", "Back to home") }}{% endblock %}
{% block content %}{{ page_heading(title, caption="A & B") }}{{ post_form(form, once="key") }}
{% endblock %}"""
NASTY = "<script>alert(1)</script>"


class OneForm(forms.Form):
    name = forms.CharField(label="Name")


class Queued(list[Any]):
    """Messages as the messages framework keeps them on a request."""

    used = False


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> None:
    """A menu of our own, whatever the apps have registered."""
    for name in ("_header", "_footer", "_named"):
        monkeypatch.setattr(navigation, name, {})
    navigation.register("home", "Home", "account_login", order=2)
    navigation.register("email", "Addresses", "account_email", order=1)
    navigation.register("hidden", "Hidden", "account_signup", visible=lambda request: False)
    navigation.register_footer("privacy", "Privacy", "account_signup")
    navigation.set_switcher("account_reset_password")


def request(path: str = "/", *, signed_in: bool = True, organisation: Any = None) -> HttpRequest:
    asked = RequestFactory().get(path)
    asked.user = SimpleNamespace(  # type: ignore[assignment]
        is_authenticated=signed_in, email="school-trust@demo.example", pk=1
    )
    actor = SimpleNamespace(organisation=organisation) if signed_in else None
    asked.actor = actor  # type: ignore[attr-defined]
    asked._messages = Queued()  # type: ignore[attr-defined]
    return asked


def page(asked: HttpRequest, source: str = PAGE, **context: Any) -> Element:
    return read_page(engines["jinja2"].from_string(source).render(context, asked))


def read_page(html: str) -> Element:
    assert html.startswith("<!DOCTYPE html>"), html[:60]
    return read(html)


@pytest.mark.usefixtures("places")
class TestLayout:
    def test_signed_in_with_an_organisation(self) -> None:
        tree = page(request(organisation=SimpleNamespace(name=NASTY, slug="a")), form=OneForm())
        account = tree.one(".nhsuk-header__account")
        assert account.text.startswith(f"Acting for {NASTY} Change organisation")
        assert tree.one(".app-organisation").one("a").attrs["href"] == "/account/password/reset/"
        sign_out = tree.one(".nhsuk-header__account-form")
        assert sign_out.attrs["method"] == "post"
        assert sign_out.all(lambda e: e.attrs.get("name") == "csrfmiddlewaretoken")

    def test_signed_out(self) -> None:
        tree = page(request(signed_in=False), form=OneForm())
        assert tree.one(".nhsuk-header__account").text == "Sign in"
        assert not tree.all(".nhsuk-header__navigation")

    def test_nobody_is_asked_to_sign_in_who_may_have_done_so(self, settings: Any) -> None:
        asked = request(signed_in=False)
        asked.COOKIES[settings.SESSION_COOKIE_NAME] = "key"
        assert not page(asked, form=OneForm()).all(".nhsuk-header__account")

    def test_the_menu_is_in_order_and_marks_where_we_are(self) -> None:
        tree = page(request("/account/login/more/"), form=OneForm())
        links = [e for e in tree.all(".nhsuk-header__navigation-link") if e.tag == "a"]
        assert [a.text for a in links] == ["Addresses", "Home"]
        assert [a.attrs.get("aria-current") for a in links] == [None, "true"]

    def test_a_place_that_leads_to_others_is_current_only_as_itself(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        paths = {"home": "/o/a/", "partnerships": "/o/a/partnerships/"}
        monkeypatch.setattr(navigation, "reverse", lambda name, args=None: paths[name])
        monkeypatch.setattr(navigation, "_header", {})
        for name in paths:
            navigation.register(name, name, name)

        def current(path: str) -> dict[str, str | None]:
            items = navigation.header_items(request(path))
            return {item["name"]: item.get("current") for item in items}

        assert current("/o/a/") == {"home": "page", "partnerships": None}
        assert current("/o/a/other/") == {"home": None, "partnerships": None}
        assert current("/o/a/partnerships/p/") == {"home": None, "partnerships": "true"}

    def test_a_page_may_say_where_it_belongs(self) -> None:
        tree = page(request("/elsewhere/"), '{% set place = "email" %}' + PAGE, form=OneForm())
        assert tree.one(".nhsuk-header__navigation-item--current").text == "Addresses"

    def test_one_heading_and_a_title(self) -> None:
        tree = page(request(), form=OneForm())
        assert tree.one("h1").text == "A & B Conversations"
        assert tree.one("title").text == "Conversations – Tandem"
        assert tree.one("html").attrs["lang"] == "en-GB"

    def test_errors_come_first_in_title_and_page(self) -> None:
        tree = page(request(), form=OneForm({}))
        assert tree.one("title").text.startswith("Error: Conversations")
        assert tree.one("main").one(".nhsuk-error-summary").one("a").attrs["href"] == "#id_name"

    def test_a_form_that_writes(self) -> None:
        tree = page(request(), form=OneForm())
        form = tree.one("main").one("form")
        assert form.attrs["method"] == "post"
        hidden = {
            e.attrs["name"]: e.attrs["value"] for e in form.all("input") if "value" in e.attrs
        }
        assert hidden["once"] == "key"
        assert hidden["csrfmiddlewaretoken"]
        assert form.one("button").attrs["data-prevent-double-click"] == "true"

    def test_messages_are_shown_once_and_escaped(self) -> None:
        asked = request()
        for level, name in ((constants.SUCCESS, "success"), (constants.WARNING, "warning")):
            asked._messages.append(  # type: ignore[attr-defined]
                SimpleNamespace(message=NASTY, level=level, level_tag=name)
            )
        tree = page(asked, form=OneForm())
        banners = tree.all(".nhsuk-notification-banner")
        assert len(banners) == 2
        assert "nhsuk-notification-banner--success" in banners[0].classes
        assert len({banner.attrs["aria-labelledby"] for banner in banners}) == 2

    @pytest.mark.parametrize("demo", [True, False])
    def test_a_demo_says_so(self, demo: bool, settings: Any) -> None:
        settings.DEMO = demo
        assert bool(page(request(), form=OneForm()).all(".app-demo-banner")) is demo

    def test_an_organisations_pages_are_left_out_without_one(self) -> None:
        navigation.register("theirs", "Theirs", "account_confirm_email", of_organisation=True)
        assert "Theirs" not in {item["text"] for item in navigation.header_items(request())}
        asked = request(organisation=SimpleNamespace(name="A", slug="a-trust"))
        hrefs = {item["href"] for item in navigation.header_items(asked)}
        assert "/account/confirm-email/a-trust/" in hrefs

    def test_nothing_is_fetched_from_elsewhere(self) -> None:
        for element in page(request(), form=OneForm()):
            for name in ("src", "href", "action"):
                assert not element.attrs.get(name, "").startswith(("http", "//"))
            assert "style" not in element.attrs
            assert element.tag != "style"
            assert element.tag != "script" or "src" in element.attrs


def test_only_one_name_is_taken_from_a_pages_own() -> None:
    assert set(page_context(request())) == {"site"}


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404"])
def test_error_pages(name: str) -> None:
    html = engines["jinja2"].get_template(f"errors/{name}.jinja").render({}, request())
    tree = read_page(html)
    assert tree.one("h1").text
    assert tree.one("main").one("a").attrs["href"] == "/"


def test_the_page_of_last_resort_needs_nothing() -> None:
    tree = read_page(engines["jinja2"].get_template("errors/500.jinja").render())
    assert tree.one("h1").text == "Sorry, there is a problem"


def test_an_htmx_filter_is_a_plain_form_too() -> None:
    source = '{{ filter_form(form, clear="/list/") }}'
    html = engines["jinja2"].from_string(source).render({"form": OneForm()}, request("/list/"))
    form = read(html).one("form")
    assert form.attrs["method"] == "get"
    assert form.attrs["hx-get"] == "/list/"
    assert form.attrs["hx-select"] == "#results"


def test_a_body_does_not_lose_the_hidden_fields() -> None:
    class HiddenForm(OneForm):
        once = forms.CharField(widget=forms.HiddenInput, initial="key")

    source = "{% call post_form(form=form) %}{{ form.name }}{% endcall %}"
    html = engines["jinja2"].from_string(source).render({"form": HiddenForm()}, request())
    tree = read(html)
    assert tree.one(lambda e: e.attrs.get("name") == "once").attrs["value"] == "key"
    assert tree.by_id("id_name").tag == "input"


def test_one_button_that_writes() -> None:
    source = '{{ post_button("Withdraw", "/x/", about="the note", hidden={"ref": ref}) }}'
    html = engines["jinja2"].from_string(source).render({"ref": NASTY}, request())
    tree = read(html)
    assert tree.one("button").text == "Withdraw the note"
    assert tree.one(lambda e: e.attrs.get("name") == "ref").attrs["value"] == NASTY


def test_an_empty_list_says_what_to_do() -> None:
    source = '{{ empty_state("Nothing yet", word, action="Add one", href="/add/") }}'
    tree = read(engines["jinja2"].from_string(source).render({"word": NASTY}))
    assert tree.one("h2").text == "Nothing yet"
    assert tree.one("p").text == NASTY
    assert tree.one("a").attrs["href"] == "/add/"
