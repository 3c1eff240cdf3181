"""Invitations that go wrong: sent twice, to oneself, and links that no longer hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.behind import Superuser, rows_in
from tests.browser.letters import link_in
from tests.browser.person import NOT_FOUND, Person
from tests.browser.post import Post
from tests.cast import Cast
from tests.photographs import Photographs
from tests.touchpoints.scene import Scene, arrange

GONE = 410
INVITATIONS = "record_invitation"
INVITED = "public-health@council.example"
CORRECTED = "director@council.example"

BrowserOf = Callable[..., Person]


@pytest.fixture
def scene(cast: Cast, photographs: Photographs) -> Scene:
    return photographs.show(arrange, cast)


@pytest.fixture
def partnership(scene: Scene) -> str:
    """Its page, as the school sees it."""
    slug = scene.cast.organisation("school").slug
    return f"/o/{slug}/partnerships/{scene.partnership.ref}/"


@pytest.fixture
def council(scene: Scene) -> str:
    """The slug of the organisation that is recorded and not invited yet."""
    return scene.cast.organisation("council").slug


@pytest.fixture
def editor(browser_of: BrowserOf) -> Person:
    return browser_of("school_editor")


@pytest.fixture
def link(editor: Person, partnership: str, council: str, post: Post) -> str:
    """The link in the e-mail to the council, which has just been invited."""
    invites(editor, partnership, council)
    (message,) = post.goes_out()[INVITED]
    return link_in(message, "/invitation/")


def invites(editor: Person, partnership: str, council: str) -> None:
    editor.opens(f"{partnership}invite/{council}/")
    editor.fills({"Their work email address": INVITED})
    editor.presses("Send invitation")


def is_over(person: Person, link: str, *words: str) -> None:
    """The link answers that it is over, why, and what to do, and tells nothing else."""
    assert person.opens(link) == GONE
    person.reads(*words)
    person.finds_nothing_of("Health hub", "Windsor", "Walsall")


def test_an_organisation_is_invited_once(
    browser_of: BrowserOf, editor: Person, partnership: str, council: str, superuser: Superuser
) -> None:
    # Given two people of the school who have the same form open
    colleague = browser_of("school_manager")
    colleague.opens(f"{partnership}invite/{council}/")
    # When both send it
    invites(editor, partnership, council)
    colleague.fills({"Their work email address": CORRECTED})
    colleague.presses("Send invitation")
    # Then the second is told that it was invited, and what can be done
    colleague.reads("was already invited", INVITED, "Send it again", "Withdraw it")
    # And one invitation is there, with one e-mail
    assert rows_in(superuser, INVITATIONS) == 1
    assert rows_in(superuser, "organisations_delivery") == 1


def test_nobody_invites_their_own_organisation(
    editor: Person, partnership: str, scene: Scene, superuser: Superuser
) -> None:
    own = scene.cast.organisation("school").slug
    # When they try to invite their own organisation, they are told
    editor.opens(f"{partnership}invite/{own}/")
    editor.is_told("is a member already")
    # And when they try to open a partnership with it, likewise
    assert editor.opens(f"/o/{own}/partnerships/new/?with={own}") == 409
    editor.reads("Choose another organisation")
    assert rows_in(superuser, INVITATIONS) == 0
    assert rows_in(superuser, "record_partnership") == 1


def test_an_expired_link(browser_of: BrowserOf, link: str, superuser: Superuser) -> None:
    # Given an invitation whose time is over
    superuser.execute(
        b"UPDATE record_invitation SET sent_at = sent_at - interval '29 days', "
        b"expires_at = expires_at - interval '29 days'"
    )
    # Then its link says so, signed out and signed in
    is_over(browser_of(None), link, "This invitation has expired", "send it again")
    reader = browser_of("council_editor")
    is_over(reader, link, "This invitation has expired")
    # And nobody is asked to answer it at home
    reader.opens("/")
    assert "’s invitation" not in reader.page.locator("main").inner_text()


def test_a_link_that_was_used(browser_of: BrowserOf, link: str, superuser: Superuser) -> None:
    # Given an invitation, open in two browsers of the invited council
    reader, other_window = browser_of("council_editor"), browser_of("council_editor")
    for each in (reader, other_window):
        each.opens(link)
        each.follows("Answer for")
    # When it is accepted in one of them, and declined in the other afterwards
    reader.chooses("Accept")
    reader.presses("Send answer")
    reader.is_told("You have joined")
    other_window.chooses("Decline")
    other_window.fills({"Why do you decline?": "No time this year"})
    other_window.presses("Send answer")
    # Then the second is told that it was answered, and the first answer holds
    other_window.reads("accepted")
    assert rows_in(superuser, "record_member", "state = 'declined'") == 0
    # And the link is over for whoever has it
    is_over(browser_of(None), link, "This invitation has been answered")


def test_a_link_that_was_sent_again(
    browser_of: BrowserOf, editor: Person, partnership: str, council: str, link: str, post: Post
) -> None:
    # When it is sent again, to a corrected address
    editor.opens(f"{partnership}invite/{council}/")
    editor.follows("Send it again")
    editor.fills({"Their work email address": CORRECTED})
    editor.presses("Send again")
    newer = link_in(post.goes_out()[CORRECTED][0], "/invitation/")
    # Then the first link says that there is a newer one, which works
    reader = browser_of("council_editor")
    is_over(reader, link, "There is a newer invitation")
    assert newer != link
    reader.opens(newer)
    reader.reads("Windsor Academy Trust invites", "Health hub")


def test_an_invitation_that_was_withdrawn(
    browser_of: BrowserOf, editor: Person, partnership: str, council: str, link: str, post: Post
) -> None:
    # Given somebody who is about to answer
    reader = browser_of("council_editor")
    reader.opens(link)
    reader.follows("Answer for")
    reader.chooses("Accept")
    # When it is withdrawn
    editor.opens(f"{partnership}invite/{council}/")
    editor.follows("Withdraw it")
    editor.presses("Withdraw invitation")
    editor.is_told("Invitation withdrawn")
    # Then their answer admits to nothing, and says why
    reader.presses("Send answer")
    reader.reads("withdr")
    assert reader.opens(partnership.replace("windsor-academy-trust", council)) == NOT_FOUND
    # And the link says so
    is_over(reader, link, "This invitation was withdrawn")


def test_an_invitation_withdrawn_before_it_went_out_is_not_sent(
    editor: Person, partnership: str, council: str, post: Post
) -> None:
    invites(editor, partnership, council)
    editor.opens(f"{partnership}invite/{council}/withdraw/")
    editor.presses("Withdraw invitation")
    assert post.goes_out() == {}


def test_a_link_that_was_tampered_with(browser_of: BrowserOf, link: str) -> None:
    reader = browser_of(None)
    assert reader.opens(f"{link[:-3]}/") == NOT_FOUND
    reader.finds_nothing_of("Health hub", "Windsor Academy Trust invites")
