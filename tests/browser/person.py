"""One person at a browser of their own, in the words of a journey.

    editor.signs_in()
    editor.follows("Find an organisation")
    editor.fills({"Name, code or postcode": "RNA"})
    editor.presses("Search")
    editor.reads("Dudley Group")

Everything is found as a person finds it: by its label, its words, its role.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.cast import PASSWORD

NOT_FOUND = 404


class Person:
    """Someone with an address and a page that is open in front of them."""

    def __init__(self, page: Page, email: str, password: str = PASSWORD) -> None:
        self.page = page
        self.email = email
        self.password = password

    # Doing

    def opens(self, address: str) -> int:
        """Open an address of the service; says how it answered."""
        response = self.page.goto(address)
        assert response is not None
        return response.status

    def signs_in(self) -> None:
        """Fill in the sign-in form: the one that is open, or the page of its own."""
        if not self.path.startswith("/account/login/"):
            self.opens("/account/login/")
        self.fills({"Email address": self.email, "Password": self.password})
        self.presses("Sign in")
        self.page.wait_for_url(lambda url: "/account/login" not in url)

    def comes_back(self) -> None:
        """Sign in again, days later."""
        self.page.context.clear_cookies()
        self.signs_in()

    def follows(self, words: str) -> None:
        """Follow the link (or the button that is one) whose name begins with these words."""
        name = re.compile(rf"^\s*{re.escape(words)}\b")
        link = self.page.get_by_role("link", name=name).or_(
            self.page.get_by_role("button", name=name)
        )
        link.first.click()
        self.page.wait_for_load_state()

    def presses(self, button: str) -> None:
        """Press a button of a form and see where it leads."""
        self.page.get_by_role("button", name=button, exact=True).click()
        self.page.wait_for_load_state()

    def fills(self, answers: Mapping[str, str]) -> None:
        """Type into the fields with these labels."""
        for label, text in answers.items():
            self.field(label).fill(text)

    def chooses(self, label: str) -> None:
        """Choose the radio button with this label."""
        self.page.get_by_role("radio", name=label, exact=True).check()

    def dates(self, day: date) -> None:
        """Fill in the three boxes of the page's date."""
        self.fills({"Day": str(day.day), "Month": str(day.month), "Year": str(day.year)})

    def field(self, label: str) -> Locator:
        """The field with a label, with or without its "(optional)"."""
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}(\s+\(optional\))?\s*$"))

    # Seeing

    @property
    def path(self) -> str:
        """The path of the page that is open."""
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        """All words on the page."""
        return self.page.locator("body").inner_text()

    def reads(self, *sentences: str) -> None:
        """These words are on the page."""
        for words in sentences:
            expect(self.page.locator("body")).to_contain_text(words)

    def finds_nothing_of(self, *words: str) -> None:
        """None of these words is in the page, not even where it is hidden."""
        html = self.page.content()
        there = [each for each in words if each in html]
        assert not there, f"{self.page.url} tells {self.email} of {there}"

    def is_refused(self, *problems: str) -> None:
        """The error summary is there, has the focus, and says these words."""
        summary = self.page.locator(".nhsuk-error-summary")
        expect(summary).to_be_focused()
        for words in problems:
            expect(summary).to_contain_text(words)
        assert self.page.title().startswith("Error: "), self.page.title()

    def is_told(self, words: str) -> None:
        """A banner at the top of the page says these words."""
        expect(self.page.locator(".nhsuk-notification-banner")).to_contain_text(words)
