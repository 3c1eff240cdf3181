"""Colleagues in real browsers: invited and let in, links that hold no longer, and removed.

How a whole organisation joins is beside this, in `test_people_journeys_joining`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from organisations.models import User
from tests.browser.letters import link_in
from tests.browser.person import NOT_FOUND, Person
from tests.browser.post import Post
from tests.browser.second_step import sets_up_an_app
from tests.cast import PASSWORD, Cast
from tests.people.arranging import (
    EDITOR_ADDRESS,
    INVITED,
    as_contact,
    confirm,
    contact,
    page,
    scheduled,
)
from tests.record.arranging import shared

GONE = 410
BrowserOf = Callable[..., Person]


@pytest.fixture
def manager(browser_of: BrowserOf) -> Person:
    return browser_of("school_manager")


def invites(manager: Person, cast: Cast, post: Post, role: str) -> str:
    """The manager invites from the list of people; the link that arrives."""
    manager.opens(page(cast, "people"))
    manager.follows("Invite someone")
    manager.fills({"Their work email address": INVITED})
    manager.chooses(role)
    manager.presses("Send invitation")
    manager.is_told(f"Invitation sent to {INVITED}")
    (message,) = post.goes_out()[INVITED]
    return link_in(message, "/join/")


def creates_an_account(person: Person, post: Post) -> None:
    """From the invitation, through the e-mail that confirms the address, and back."""
    person.follows("Create an account")
    person.fills({"Full name": "New colleague", "Email address": INVITED, "Password": PASSWORD})
    person.presses("Create account")
    person.reads("Check your email")
    (message,) = post.goes_out()[INVITED]
    person.opens(link_in(message, "/account/"))
    person.presses("Confirm")
    person.signs_in()


def test_a_new_colleague_comes_by_invitation(
    manager: Person, browser_of: BrowserOf, cast: Cast, post: Post, settings: Any
) -> None:
    # Given a manager who invites somebody to be a manager too, where managers need a second step
    link = invites(manager, cast, post, "Manager")
    settings.REQUIRE_SECOND_STEP = ["manager"]
    # When they follow the link, without an account
    person = browser_of(None)
    person.email = INVITED
    person.opens(link)
    person.reads("invites you to Windsor Academy Trust as a manager")
    creates_an_account(person, post)
    assert person.path == link, "signing in leads back to the invitation"
    person.presses("Join Windsor Academy Trust")
    # Then they set up what their role requires, and land in the organisation
    sets_up_an_app(person)
    assert person.path == page(cast, "home")
    person.opens(page(cast, "people"))
    person.reads("4 people", "New colleague")
    # And the link is over: for them, for a stranger, and for whoever found the e-mail
    person.opens(link)
    person.reads("You belong to Windsor Academy Trust")
    for other in (browser_of("stranger"), browser_of(None)):
        assert other.opens(link) == GONE
        other.reads("This invitation has been used")
        other.finds_nothing_of(INVITED)


def test_only_the_latest_link_holds_and_only_until_it_is_withdrawn(
    manager: Person, browser_of: BrowserOf, cast: Cast, post: Post
) -> None:
    first = invites(manager, cast, post, "Viewer")
    reader = browser_of(None)
    # When it is sent again, the first link points to the newer one, which works
    manager.follows("Send again")
    manager.presses("Send again")
    latest = link_in(post.goes_out()[INVITED][0], "/join/")
    assert reader.opens(first) == GONE
    reader.reads("There is a newer invitation")
    assert reader.opens(latest) == 200
    # When a week has passed, it has expired, and says whom to ask
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=True):
        assert reader.opens(latest) == GONE
        reader.reads("This invitation has expired", "Ask School manager to send it again")
    # When it is withdrawn, somebody who has its page open already is not let in either
    User.objects.create_user(INVITED, PASSWORD, name="New colleague")
    confirm(User.objects.get(email=INVITED))
    reader.email = INVITED
    reader.signs_in()
    reader.opens(latest)
    manager.opens(page(cast, "people"))
    manager.follows("Withdraw")
    manager.presses("Withdraw invitation")
    manager.is_told(f"Invitation to {INVITED} withdrawn")
    reader.presses("Join Windsor Academy Trust")
    reader.reads("This invitation was withdrawn")
    assert reader.opens(page(cast, "home")) == NOT_FOUND


def test_who_is_removed_hands_over_and_loses_access_at_once(
    manager: Person, browser_of: BrowserOf, cast: Cast
) -> None:
    # Given an editor who is their partnership's named contact, with a touchpoint to come
    partnership = shared(cast)
    touchpoint = scheduled(cast, partnership)
    as_contact(cast, partnership, "named", EDITOR_ADDRESS)
    editor = browser_of("school_editor")
    home = page(cast, "partnership", ref=partnership.ref)
    log = f"{home}conversations/new/"
    assert editor.opens(log) == 200
    # When a manager removes them, what they leave is listed, and somebody has to take over
    manager.opens(page(cast, "people"))
    manager.page.get_by_role("link", name="Remove School editor").click()
    manager.reads("What they leave behind", "Health hub: named contact", "Touchpoints")
    manager.presses("Remove School editor")
    manager.is_refused("Choose who takes over")
    manager.page.get_by_role("radio", name="School manager").check()
    manager.fills({"What is the job title of whoever takes over?": "Head of inclusion"})
    manager.presses("Remove School editor")
    manager.is_told("School editor no longer belongs to Windsor Academy Trust")
    # Then the successor is the contact, and the touchpoint is theirs
    assert contact(cast, partnership) == manager.email
    manager.opens(f"{home}touchpoints/{touchpoint.ref}/")
    manager.reads("School manager")
    # And the form that the removed person still has open saves nothing and shows nothing
    editor.fills({"What was said?": "A last word"})
    with editor.page.expect_response(lambda answer: answer.url.endswith(log)) as answer:
        editor.page.get_by_role("button", name="Log conversation").click()
    assert answer.value.status == NOT_FOUND
    editor.finds_nothing_of("Health hub")
    for address in (home, page(cast, "home"), page(cast, "people")):
        assert editor.opens(address) == NOT_FOUND, address
    manager.opens(f"{home}conversations/")
    manager.finds_nothing_of("A last word")
