"""A regional admin at work in a real browser: gateways, contacts, leavers, duplicates.

Beside them the organisation that named somebody who leaves, and the admin of another region.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from frontend.wording import date_words, short_date
from organisations.actor import Actor
from tests.browser.axe import check_page
from tests.browser.letters import link_in, plain
from tests.browser.person import NOT_FOUND, Person
from tests.browser.post import Post
from tests.cast import Cast
from tests.contacts.keeping import (
    admin_of,
    again,
    listed,
    named_in,
    offered,
    other_region,
    region_of,
    role,
    walsall_board,
)

BrowserOf = Callable[..., Person]
TRUST = "Walsall Healthcare NHS Trust"
REGION = "/regions/black-country/"
LEAVES, STANDS_IN = "Community lead", "Community deputy"


@pytest.fixture
def by(cast: Cast) -> Actor:
    """Who manages the region: somebody without an organisation."""
    return admin_of(cast)


@pytest.fixture
def admin(by: Actor, browser_of: BrowserOf) -> Person:
    """At their browser, with the region's page open."""
    person = browser_of("nobody")
    assert person.opens(REGION) == 200
    return person


def count(person: Person, words: str) -> str:
    """The number beside these words under "What needs you"."""
    row = person.page.get_by_role("row").filter(has_text=words)
    return str(row.get_by_role("cell").last.inner_text()).split()[-1]


def test_they_sign_in_and_fill_a_gateway_that_waits(
    by: Actor, new_context: Callable[..., BrowserContext], cast: Cast
) -> None:
    # Given an admin who signs in, and lands on their region's page in two steps
    admin = Person(new_context().new_page(), cast.users["nobody"].email)
    admin.signs_in()
    admin.page.get_by_role("link", name="Regions", exact=True).click()
    admin.follows(region_of(cast).name)
    admin.reads("What needs you", "How complete and how fresh", "0 of ", "Walsall")
    waiting = int(count(admin, "Gateways without details"))
    # When they choose the board of Walsall among those that wait, and say how it is reached
    admin.follows("Gateways without details")
    admin.page.locator(f'a[href$="/{walsall_board().ref}/"]').click()
    admin.follows("Give its details")
    admin.reads("anyone can read it, without signing in", "No field may hold a person’s name")
    check_page(admin.page)
    admin.fills(
        {
            "How do schools and health services reach it?": "Write to the clerk of the board",
            "Email address of the team": "first.second@walsall.example",
            "Where do you have this from?": "The council’s website",
        }
    )
    admin.presses("Save details")
    # Then one person's address is not taken, and the team's is
    admin.is_refused("This looks like one person’s address")
    admin.fills({"Email address of the team": "board@walsall.example"})
    admin.presses("Save details")
    admin.is_told("Details saved")
    # When they add a meeting, with ten days for papers
    day = timezone.localdate() + timedelta(days=40)
    admin.follows("Add meetings")
    admin.fills(
        {
            "On which days does it meet?": date_words(day),
            "How many days before must papers be there?": "10",
        }
    )
    admin.presses("Save meetings")
    # Then the day for papers stands there, and one gateway less waits
    admin.reads(date_words(day), short_date(day - timedelta(days=10)))
    admin.opens(REGION)
    assert int(count(admin, "Gateways without details")) == waiting - 1


def test_a_mistake_in_a_new_contact_loses_nothing(admin: Person, cast: Cast) -> None:
    typed = {
        "Name": "Head of nursing",
        "Job title": "Head of school nursing",
        "Work telephone number": "01922 000000",
        "Where do you have these details from?": "The trust’s website",
    }
    admin.follows("Record a contact")
    admin.fills({"At which organisation do they work?": "RBK"})
    admin.presses("Search")
    admin.follows(TRUST)
    # When the address is left out
    admin.fills(typed)
    admin.page.get_by_label("Kind of job").select_option(label=role("school_nurse_lead").name)
    admin.chooses("All organisations that have joined")
    admin.presses("Record contact")
    # Then the summary leads to the field, and everything else is still there
    admin.is_refused("Enter their work email address")
    admin.follows("Enter their work email address")
    expect(admin.field("Work email address")).to_be_focused()
    for label, text in typed.items():
        expect(admin.field(label)).to_have_value(text)
    check_page(admin.page)
    # When they type it where they are
    admin.page.keyboard.type("nursing@health.example")
    admin.presses("Record contact")
    # Then it is kept as typed
    admin.is_told("Contact recorded")
    admin.reads(*typed.values(), role("school_nurse_lead").name, "nursing@health.example", "Never")


def test_they_decide_an_offer_without_a_script(
    by: Actor, browser_of: BrowserOf, cast: Cast
) -> None:
    posting = offered(cast)
    admin = browser_of("nobody", java_script_enabled=False, viewport={"width": 390, "height": 800})
    admin.opens(REGION)
    assert count(admin, "Offered to the directory") == "1"
    admin.follows("Offered to the directory")
    # On a phone the filters are open while they narrow the list.
    expect(admin.field("Which contacts")).to_be_visible()
    admin.follows("Strategy director")
    admin.reads("Windsor Academy Trust offers this contact")
    admin.follows("Decide")
    # When they send it without an answer, it is asked again; nothing has happened
    admin.presses("Save decision")
    admin.reads("There is a problem", "Choose whether you take it in")
    assert again(by, posting).listing == "offered"
    admin.chooses("Yes, take it in")
    admin.presses("Save decision")
    # Then it is in the directory, and no longer waits
    assert again(by, posting).listing == "listed"
    admin.opens(REGION)
    assert count(admin, "Offered to the directory") == "0"
    admin.follows("All contacts")
    expect(admin.field("Which contacts")).to_be_hidden()
    admin.page.locator("summary", has_text="Narrow the contacts").click()
    expect(admin.field("Which contacts")).to_be_visible()


def test_a_leaver_is_followed_by_the_deputy_and_partnerships_are_told(
    by: Actor, admin: Person, browser_of: BrowserOf, cast: Cast, post: Post
) -> None:
    # Given somebody whom a partnership has named, with a deputy
    leaver = listed(cast, by, name=LEAVES, email="lead@health.example")
    listed(cast, by, name=STANDS_IN, email="deputy@health.example")
    partnership = named_in(cast, leaver).partnership
    post.goes_out()
    admin.opens(f"{REGION}contacts/{leaver.ref}/change/")
    deputies = admin.page.get_by_label("Who stands in for them?")
    deputies.select_option(
        deputies.locator("option", has_text=STANDS_IN).get_attribute("value") or ""
    )
    admin.presses("Save details")
    # When the admin records that they have left
    admin.follows("They have left")
    admin.reads("They are named in 1 partnership", "Which these are, you do not learn")
    deputy = admin.page.get_by_role("radio", name=f"{STANDS_IN}, Director of strategy (deputy)")
    expect(deputy).to_be_checked()
    admin.finds_nothing_of(partnership.name)
    check_page(admin.page)
    admin.presses("Record that they left")
    # Then they are led to who takes over
    admin.is_told("Recorded that they left")
    expect(admin.page.get_by_role("heading", level=1)).to_contain_text(STANDS_IN)
    # And the organisation that named them gets an e-mail, and the notice on its page
    letters = post.goes_out()
    (letter,) = letters[cast.users["health_manager"].email]
    assert letter["Subject"] == f"{LEAVES} has left {TRUST}"
    assert "name who takes over on your side" in plain(letter)
    assert admin.email not in letters
    editor = browser_of("health_editor")
    editor.opens(link_in(letter, "/r/p-"))
    assert editor.path.endswith(f"/{partnership.ref}/")
    editor.reads(LEAVES, f"Left on {date_words(timezone.localdate())}")
    # And the home page asks them to name who follows
    editor.opens(f"/o/{cast.organisation('health').slug}/")
    editor.reads(f"Name who follows {LEAVES}", "Has left")


def test_two_that_are_one_are_merged_and_taken_apart(by: Actor, admin: Person, cast: Cast) -> None:
    # Given the same person twice, one of them named in a partnership
    folded = listed(cast, by)
    kept = listed(cast, by, name="Strategy Director", email="office@health.example")
    partnership = named_in(cast, folded).partnership
    admin.opens(REGION)
    assert count(admin, "Perhaps the same person") == "1"
    admin.follows("Perhaps the same person")
    admin.reads("1 pair with the same email address")
    # When the admin compares them, they see beforehand what moves, as a number
    admin.follows("Compare")
    admin.reads("Named in 1 partnership", "Named in no partnership", "What happens")
    admin.finds_nothing_of(partnership.name)
    check_page(admin.page)
    admin.presses("Merge into one")
    admin.is_refused("Choose which one you keep")
    admin.page.get_by_role(
        "radio", name="The second: Strategy Director, office@health.example"
    ).check()
    admin.presses("Merge into one")
    # Then one is left, and says what was merged into it
    admin.is_told("Merged into one")
    assert admin.path == f"{REGION}contacts/{kept.ref}/"
    admin.reads("Strategy director was merged into this contact")
    assert again(by, folded).merged_into_id == kept.pk
    # When they undo it, each has its own again
    admin.follows("Undo")
    admin.reads("Each gets back what it had then, also in 1 partnership")
    admin.presses("Make them two contacts again")
    admin.is_told("Two contacts again")
    folded = again(by, folded)
    assert (folded.merged_into_id, folded.ended_on) == (None, None)
    admin.opens(REGION)
    assert count(admin, "Perhaps the same person") == "1"


def test_another_regions_admin_finds_none_of_these_pages(
    by: Actor, browser_of: BrowserOf, cast: Cast
) -> None:
    one, other = listed(cast, by), listed(cast, by)
    offer = offered(cast)
    gateway = f"gateways/{walsall_board().ref}/"
    pages = [
        "",
        "contacts/",
        "contacts/new/",
        f"contacts/{one.ref}/",
        f"contacts/{one.ref}/left/",
        f"contacts/{offer.ref}/decide/",
        f"contacts/{one.ref}/merge/{other.ref}/",
        "duplicates/",
        gateway,
        f"{gateway}change/",
        f"{gateway}meetings/",
    ]
    # Given that each page is there, for whoever manages this region
    client = cast.client("nobody")
    for page in pages:
        assert client.get(f"{REGION}{page}").status_code == 200, page
    # When the admin of another region asks for it, here or as if it were theirs
    admin_of(cast, "stranger", other_region())
    theirs = browser_of("stranger")
    own = f"/regions/{other_region().slug}/"
    assert theirs.opens(own) == 200
    theirs.finds_nothing_of("Strategy director")
    for address in (
        *(REGION + page for page in pages),
        *(own + each for each in pages if one.ref in each or gateway in each),
    ):
        # Then there is nothing
        assert theirs.opens(address) == NOT_FOUND, address
        theirs.finds_nothing_of("Strategy director", "strategy@health.example")
