"""A real browser against a real server: signed in as anyone of the cast, watched throughout."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from ops.browser import ARGUMENTS, chromium
from tests.browser.axe import watch
from tests.cast import PASSWORD, Cast

# Playwright's own event loop runs in this thread; the database calls beside it are plain ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; where there is none, every test here fails."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium()), args=list(ARGUMENTS)
        )
        yield browser
        browser.close()


@pytest.fixture
def address(db: None, live_server: LiveServer, settings: Any) -> str:
    """Where the server under test answers; links in e-mails lead there too."""
    settings.BASE_URL = live_server.url.replace("127.0.0.1", "localhost")
    settings.CSRF_TRUSTED_ORIGINS = [settings.BASE_URL]
    return str(settings.BASE_URL)


@pytest.fixture
def new_context(browser: Browser, address: str) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser context of one's own (cookies, JavaScript on or off)."""
    contexts: list[BrowserContext] = []

    def open_context(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=address, locale="en-GB", **options)
        context.set_default_timeout(15_000)
        watch(context)
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()


@pytest.fixture
def page_as(
    new_context: Callable[..., BrowserContext], cast: Cast
) -> Callable[..., Page]:
    """A page of a fresh browser, signed in as someone of the cast through the sign-in form."""

    def open_page(part: str | None, **options: Any) -> Page:
        page = new_context(**options).new_page()
        if part is not None:
            sign_in(page, cast.users[part].email, PASSWORD)
        return page

    return open_page


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in as a person does."""
    page.goto("/account/login/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/account/login" not in url)
