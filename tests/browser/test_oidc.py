"""Signing in by a provider in a real browser, over its own page on another host."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from organisations.signing_in.provider_settings import read_providers
from tests.browser.axe import check_page, page_problems
from tests.browser.person import Person
from tests.cast import PASSWORD, Cast
from tests.signing_in import oidc_server


@pytest.fixture
def works(settings: Any, db: None) -> Iterator[oidc_server.Provider]:
    with oidc_server.running() as provider:
        provider.shows_page = True
        settings.OIDC_PROVIDERS = read_providers(json.dumps([provider.settings()]))
        yield provider


def at_the_provider(person: Person) -> None:
    """The provider's page asks; the person goes on, and is back."""
    assert person.page.get_by_role("heading", name="Works account").is_visible()
    person.page.get_by_role("link", name="Continue").click()
    person.page.wait_for_load_state()


def checked(person: Person) -> None:
    """The page as it is, leaving out that the provider has been asked on the way."""
    problems = page_problems(person.page)
    left = [each for each in problems if not each.startswith("asked another host")]
    assert not left, left


def test_linked_once_it_signs_in(
    new_context: Callable[..., Any], cast: Cast, works: oidc_server.Provider
) -> None:
    email = cast.users["school_editor"].email
    person = Person(new_context().new_page(), email, PASSWORD)
    person.signs_in()
    person.opens("/account/")
    person.page.get_by_role("link", name="Change other ways to sign in").click()
    check_page(person.page)
    person.follows("Link Works account")
    at_the_provider(person)
    person.is_told("You can now sign in with Works account")
    person.reads("Linked as someone@provider.example")
    checked(person)

    other = Person(new_context().new_page(), email, PASSWORD)
    other.opens("/account/login/?next=/organisations/")
    check_page(other.page)
    other.follows("Sign in with Works account")
    at_the_provider(other)
    assert other.path == "/organisations/"


def test_who_is_not_linked_reads_how_to(
    new_context: Callable[..., Any], cast: Cast, works: oidc_server.Provider
) -> None:
    works.person = {"sub": "unknown", "email": cast.users["school_manager"].email}
    person = Person(new_context().new_page(), "")
    person.opens("/account/login/")
    person.follows("Sign in with Works account")

    at_the_provider(person)

    person.reads(
        "Works account is not linked to an account here yet", "We never link by email address"
    )
    person.finds_nothing_of(cast.users["school_manager"].email)
    checked(person)
