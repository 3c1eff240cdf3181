"""Stopping e-mails by the link in one: one click of a mail program, or a page with a button."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.urls import reverse

from organisations.outbox import Kind, engine, groups, kinds
from organisations.outbox.preferences.links import SALT, token_of
from tests.cast import Cast
from tests.outbox.conftest import Ask, Notes
from tests.outbox.post_office import PostOffice

READER = "Contact@health.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
Super = psycopg.Connection[Any]


@pytest.fixture
def link(ask: Ask, notes: Notes, monkeypatch: pytest.MonkeyPatch, post_office: PostOffice) -> str:
    """The address in the header of an e-mail that the reader got."""
    kind = Kind("note", "A note", notes.compose, group=groups.NEWS)
    monkeypatch.setitem(kinds._kinds, "note", kind)
    ask(READER)
    engine.drain()
    found = re.search(
        r"<http://localhost:8000(\S+)>", post_office.arrived[-1][1]["List-Unsubscribe"]
    )
    assert found is not None
    return found[1]


def chosen(superuser: Super) -> list[tuple[str, str, str]]:
    return superuser.execute(
        "SELECT address, mail_group, choice FROM organisations_mailpreference ORDER BY 2"
    ).fetchall()


def browser() -> Client:
    """Checks the token of forms as in production."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_stops_nothing(link: str, superuser: Super, method: str) -> None:
    page = getattr(browser(), method)(link)

    assert page.status_code == 200
    assert chosen(superuser) == []
    if method == "get":
        assert "News from your partnerships" in page.text
        assert "contact@health.example" in page.text


def test_one_click_of_a_mail_program_stops_them(
    link: str, superuser: Super, ask: Ask, post_office: PostOffice
) -> None:
    answer = browser().post(link, ONE_CLICK)

    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies
    assert chosen(superuser) == [("contact@health.example", "partnership_news", "never")]
    ask("contact@HEALTH.example", subject="another")
    assert engine.drain()["cancelled"] == 1
    event = superuser.execute(
        "SELECT user_id, organisation_id, changes FROM organisations_auditevent "
        "WHERE action = 'emails chosen'"
    ).fetchall()
    assert event == [(None, None, {"partnership_news": ["at_once", "never"]})]


def test_a_second_click_changes_nothing(link: str, superuser: Super) -> None:
    browser().post(link, ONE_CLICK)
    browser().post(link, ONE_CLICK)

    (count,) = superuser.execute(
        "SELECT count(*) FROM organisations_auditevent WHERE action = 'emails chosen'"
    ).fetchone() or (0,)
    assert count == 1


def test_the_page_says_what_still_comes_and_takes_it_back(link: str, superuser: Super) -> None:
    page = browser().post(link).text
    assert "Emails stopped" in page
    assert "Cancellations" in page
    assert "<li>News from your partnerships</li>" not in page

    back = browser().post(link, {"again": "at_once"})

    assert "Emails on again" in back.text
    assert chosen(superuser)[0][2] == "at_once"


@pytest.mark.parametrize("name", ["stop-emails", "email-choices"])
def test_a_link_that_we_did_not_make_has_no_page(link: str, superuser: Super, name: str) -> None:
    reference = link.split("/")[3].rsplit(":", 1)[0]
    for token in (
        "x",
        f"{reference}:x",
        token_of("nothing", salt=SALT),
        token_of(reference, salt="y"),
    ):
        address = reverse(name, args=[token])
        assert browser().get(address).status_code == 404
        assert Client().post(address, ONE_CLICK).status_code == 404
    assert chosen(superuser) == []


def test_an_email_that_must_come_cannot_be_stopped(
    link: str, notes: Notes, monkeypatch: pytest.MonkeyPatch, superuser: Super
) -> None:
    monkeypatch.setitem(kinds._kinds, "note", Kind("note", "A note", notes.compose))

    assert browser().post(link, ONE_CLICK).status_code == 404
    assert chosen(superuser) == []


def choices_page(link: str) -> str:
    return link.replace("/stop/", "/choices/")


def filled(**more: str) -> dict[str, str]:
    names = (
        "touchpoints", "reminders", "follow_ups", "actions", "agreements", "partnership_news",
        "directory",
    )  # fmt: skip
    every = dict.fromkeys(names, "at_once")
    return {**every, "quiet_from": "", "quiet_until": "", "reminder_times": "series", **more}


def test_all_choices_of_the_address_by_the_same_link(link: str, superuser: Super) -> None:
    page = Client().get(choices_page(link)).text
    assert "In my summary" not in page

    answer = Client().post(
        choices_page(link),
        filled(directory="never", quiet_from="7pm", quiet_until="7am", reminder_times="1440,60"),
    )

    assert "Your choices are saved" in answer.text
    assert ("contact@health.example", "directory", "never") in chosen(superuser)
    row = superuser.execute(
        "SELECT quiet_from::text, quiet_until::text, quiet_weekends, reminder_minutes "
        "FROM organisations_mailtimes"
    ).fetchone()
    assert row == ("19:00:00", "07:00:00", False, [1440, 60])


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"quiet_from": "7am", "quiet_until": "7am"}, "Quiet hours cannot end when they begin"),
        ({"quiet_from": "7pm"}, "Enter both times, or neither"),
        ({"directory": "digest"}, "valid choice"),
    ],
)
def test_what_makes_no_sense_is_refused_whole(
    link: str, superuser: Super, typed: dict[str, str], words: str
) -> None:
    page = Client().post(choices_page(link), filled(touchpoints="never", **typed)).text

    assert "There is a problem" in page
    assert words in page
    assert chosen(superuser) == []


def test_ones_own_choices_are_of_the_address_one_signs_in_with(
    cast: Cast, superuser: Super
) -> None:
    client = cast.client("school_editor")
    page = client.get(reverse("account_emails")).text
    assert "In my summary" in page
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once is not None
    given = filled(reminders="digest", digest="daily", once=once[1], quiet_weekends="on")
    answer = client.post(reverse("account_emails"), given, follow=True)

    assert "Your choices are saved" in answer.text
    address = cast.users["school_editor"].email.lower()
    assert {(address, "reminders", "digest"), (address, "digest", "daily")} <= set(
        chosen(superuser)
    )
    home = client.get(reverse("account_home")).text
    assert "1 kind in your summary; none at weekends" in home
