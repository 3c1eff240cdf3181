"""A real browser against a real server: signed in as anyone of the cast, watched throughout."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as settings_of_django
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from ops.browser import ARGUMENTS, chromium
from tests.browser.axe import watch
from tests.browser.person import Person
from tests.browser.post import Post
from tests.cast import PASSWORD, Cast
from tests.outbox.post_office import PostOffice

# Playwright's own event loop runs in this thread; the database calls beside it are plain ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; where there is none, every test here fails."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=list(ARGUMENTS))
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
def page_as(new_context: Callable[..., BrowserContext], cast: Cast) -> Callable[..., Page]:
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
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/account/login" not in url)


@pytest.fixture
def browser_of(new_context: Callable[..., BrowserContext], cast: Cast) -> Callable[..., Person]:
    """`browser_of("school_editor")`: one of the cast, signed in already, at a browser.

    For tests that are not about signing in: the session comes by its cookie. `None` is
    somebody who is not signed in; not `fresh`, they signed in a while ago.
    """

    def open_browser(part: str | None, *, fresh: bool = True, **options: Any) -> Person:
        context = new_context(**options)
        if part is None:
            return Person(context.new_page(), "")
        name = settings_of_django.SESSION_COOKIE_NAME
        key = cast.client(part, fresh=fresh).cookies[name].value
        context.add_cookies([{"name": name, "value": key, "domain": "localhost", "path": "/"}])
        return Person(context.new_page(), cast.users[part].email)

    return open_browser


@pytest.fixture
def post(db: None, settings: Any) -> Iterator[Post]:
    """A real SMTP server that this process's e-mail goes to."""
    office = PostOffice()
    office.open()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    yield Post(office)
    office.close()
