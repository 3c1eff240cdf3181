"""Somebody in a directory answers the e-mail: no sign-in, no script, on a small telephone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from contacts.models import Listing, Posting
from contacts.verification import clock
from tests.browser.axe import check_page
from tests.browser.behind import Superuser
from tests.browser.letters import link_in
from tests.browser.person import Person
from tests.browser.post import Post
from tests.cast import Cast
from tests.photographs import Photographs
from tests.verification.arranging import Directory, arrange

EMAIL = "lead@health.example"


@pytest.fixture
def directory(cast: Cast, superuser: Superuser, photographs: Photographs) -> Directory:
    return photographs.show(arrange, cast, superuser)


@pytest.fixture
def lead(new_context: Callable[..., BrowserContext]) -> Person:
    """In a browser of a small telephone in which no script runs."""
    context = new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    return Person(context.new_page(), EMAIL)


def looks_at(person: Person, address: str) -> None:
    assert person.opens(address) == 200
    # No wider than the telephone.
    assert person.page.evaluate("document.documentElement.scrollWidth") <= 320


def asked(directory: Directory, post: Post) -> tuple[Posting, dict[str, str]]:
    """Somebody in the directory, and the links in the e-mail that they got."""
    posting = directory.lists(EMAIL)
    clock.run()
    (message,) = post.goes_out()[EMAIL]
    details = link_in(message, "/your-details/")
    return posting, {"check": details.replace("your-details", "check"), "details": details}


def test_still_right(directory: Directory, post: Post, lead: Person) -> None:
    posting, links = asked(directory, post)
    # Given that a scanner has opened every link of the e-mail
    for page in ("", "right/", "changed/", "left/"):
        looks_at(lead, f"{links['check']}{page}")
    assert directory.again(posting).checked_at is None
    # When they press the button
    lead.opens(f"{links['check']}right/")
    lead.reads("School nursing lead", EMAIL)
    lead.presses("Yes, still right")
    # Then the directory says so, and the link is used up
    lead.reads("Thank you")
    assert directory.again(posting).checked_by == "person"
    lead.opens(f"{links['check']}left/")
    lead.reads("Thank you")


def test_something_changed_and_the_new_address_is_confirmed(
    directory: Directory, post: Post, lead: Person
) -> None:
    posting, links = asked(directory, post)
    lead.opens(links["check"])
    lead.follows("Something changed")
    lead.fills({"Name": "", "Work email address": "new@health.example"})
    lead.presses("Save")
    lead.reads("There is a problem", "Enter a name")
    lead.fills({"Name": "Team lead"})
    lead.presses("Save")
    lead.reads("Open the email that we have sent", "new@health.example")
    clock.run()
    (message,) = post.goes_out()["new@health.example"]
    looks_at(lead, link_in(message, "/new-address/"))
    assert directory.again(posting).details.email == EMAIL
    lead.presses("Yes, use this address")
    lead.reads("Your address is confirmed")
    assert directory.again(posting).details.email == "new@health.example"


def test_i_have_left_and_the_admin_reads_who_comes_next(
    directory: Directory, post: Post, lead: Person, browser_of: Callable[..., Person]
) -> None:
    _, links = asked(directory, post)
    lead.opens(links["check"])
    lead.follows("I have left")
    lead.fills({"Who takes over, or how to hand over": "The deputy of the team"})
    lead.presses("Save")
    lead.reads("Thank you")
    admin = browser_of("nobody")
    admin.opens(f"/regions/{directory.region.slug}/")
    admin.follows("1 answer for you to follow up")
    admin.reads("The deputy of the team", "Left on")
    check_page(admin.page)
    admin.follows("Mark as done")
    admin.presses("Mark as done")
    admin.is_told("Marked as done")


def test_they_see_what_is_held_and_are_removed(
    directory: Directory, post: Post, lead: Person, superuser: Superuser
) -> None:
    posting, links = asked(directory, post)
    looks_at(lead, links["details"])
    lead.reads("The trust’s web page", "Public task", "Never checked")
    lead.follows("Object and have it removed")
    lead.presses("Remove it now")
    lead.is_told("You are no longer in the directory")
    row = superuser.execute(
        "SELECT listing FROM contacts_posting WHERE id = %s", [posting.pk]
    ).fetchone()
    assert row == (Listing.REMOVED,)
    # And by typing an address whoever asks learns nothing
    for address in (EMAIL, "somebody@else.example"):
        lead.opens("/your-details/")
        lead.fills({"Your work email address": address})
        lead.presses("Send me a link")
        lead.reads("If a directory has the address that you entered")
