"""The second step in a real browser: an app, recovery codes, passkeys, and each page looked at."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.axe import check_page
from tests.browser.person import Person
from tests.browser.second_step import code_of, passkeys_of, secret_of
from tests.cast import PASSWORD, Cast

TWO_STEP = "/account/2fa/"


@pytest.fixture
def manager(new_context: Callable[..., Any], cast: Cast, settings: Any) -> Person:
    settings.REQUIRE_SECOND_STEP = ["manager", "operator"]
    return Person(new_context().new_page(), cast.users["school_manager"].email, PASSWORD)


def test_a_manager_sets_up_an_app_and_signs_in_with_it(
    manager: Person, cast: Cast, new_context: Callable[..., Any]
) -> None:
    home = f"/o/{cast.organisation('school').slug}/"
    manager.opens(home)
    manager.signs_in()
    assert manager.path == TWO_STEP
    manager.reads("Your role needs a second step when you sign in")
    check_page(manager.page)
    manager.follows("Set up an app")
    check_page(manager.page)
    manager.presses("Switch it on")
    manager.is_refused("Enter the code")
    secret = secret_of(manager)
    manager.fills({"Code from the app": code_of(secret)})
    manager.presses("Switch it on")

    manager.reads("Your recovery codes")
    check_page(manager.page)
    codes = manager.page.locator(".app-codes__code").all_inner_texts()
    assert len(codes) == 10
    with manager.page.expect_download() as download:
        manager.page.get_by_role("button", name="Download them").click()
    assert codes[0] in download.value.path().read_text()
    manager.follows("I have kept them, continue")
    assert manager.path == home

    again = Person(new_context().new_page(), manager.email, PASSWORD)
    again.signs_in()
    check_page(again.page)
    again.fills({"Code": "000000"})
    again.presses("Sign in")
    again.is_refused("The code is not right")
    check_page(again.page)
    again.fills({"Code": code_of(secret, 1)})
    again.presses("Sign in")
    assert again.path == home

    lost = Person(new_context().new_page(), manager.email, PASSWORD)
    lost.signs_in()
    lost.fills({"Code": codes[0]})
    lost.presses("Sign in")
    assert lost.path == home
    lost.opens(TWO_STEP)
    lost.reads("9 codes left")
    check_page(lost.page)


def test_a_passkey_signs_in_without_a_password(manager: Person, cast: Cast) -> None:
    home = f"/o/{cast.organisation('school').slug}/"
    page = manager.page
    passkeys_of(page)
    manager.opens(home)
    manager.signs_in()
    manager.follows("Set up a passkey")
    check_page(page)
    manager.fills({"Name of this passkey": "Work laptop"})
    manager.presses("Set up the passkey")
    page.wait_for_url("**/recovery-codes/")
    manager.follows("I have kept them, continue")
    assert manager.path == home
    manager.opens(TWO_STEP)
    manager.reads("Work laptop")
    check_page(page)

    manager.presses("Sign out")
    manager.opens(f"/account/login/?next={home}")
    check_page(page)
    manager.presses("Sign in with a passkey")
    page.wait_for_url(f"**{home}")

    manager.presses("Sign out")
    manager.opens("/account/login/")
    manager.fills({"Email address": manager.email, "Password": PASSWORD})
    manager.presses("Sign in")
    manager.reads("Confirm that it is you")
    manager.presses("Use a passkey")
    page.wait_for_url(f"**{home}")

    manager.opens(TWO_STEP)
    manager.follows("Rename")
    manager.fills({"Name of this passkey": "Old laptop"})
    check_page(page)
    manager.presses("Save name")
    manager.follows("Remove Old laptop")
    check_page(page)
    manager.presses("Remove the passkey")
    manager.is_told("The passkey is removed")
    manager.opens(home)
    assert manager.path == TWO_STEP


def test_a_device_that_gives_up_is_answered_in_words(manager: Person) -> None:
    devtools = passkeys_of(manager.page)
    devtools.send("WebAuthn.disable")
    devtools.send("WebAuthn.enable")
    manager.opens("/account/login/")
    manager.page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no')); }"
    )

    manager.presses("Sign in with a passkey")

    expect(manager.page.get_by_text("The passkey did not work")).to_be_visible()


def test_every_page_of_the_account(
    browser_of: Callable[..., Person], cast: Cast, post: Any
) -> None:
    person = browser_of("school_editor", fresh=False)
    person.opens("/account/login/")
    person.opens("/account/")
    person.reads("Your account", "Two-step verification", "Where you are signed in")
    check_page(person.page)
    for link in ("Change name", "See where you are signed in", "Change password"):
        person.opens("/account/")
        person.page.get_by_role("link", name=link).click()
        person.page.wait_for_load_state()
        check_page(person.page)
    person.opens("/account/")
    person.page.get_by_role("link", name="Change email address").click()
    person.fills({"Password": PASSWORD})
    check_page(person.page)
    person.presses("Continue")
    person.presses("Send the links")
    person.is_refused("Enter the new email address")
    person.fills({"New email address": "new.address@school.example"})
    person.presses("Send the links")
    person.reads("Waiting to change to new.address@school.example")
    check_page(person.page)
    (letter,) = post.goes_out()["new.address@school.example"]
    (link,) = re.findall(r"https?://\S+answer\S+", letter.get_body(("plain",)).get_content())
    person.opens(link)
    check_page(person.page)
    person.presses("Confirm")
    person.reads("Now the other address has to agree")
    check_page(person.page)
