"""An organisation joins, in real browsers: its own people get in, a look-alike does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from organisations.models import User
from tests.browser.letters import link_in, plain
from tests.browser.person import NOT_FOUND, Person
from tests.browser.post import Post
from tests.cast import PASSWORD, Cast, confirm
from tests.people.arranging import page
from tests.record.arranging import opened

DOMAIN = "blackcountry.icb.nhs.uk"
LOOK_ALIKE = "black-country-icb.nhs.uk"
BrowserOf = Callable[..., Person]


@pytest.fixture
def colleague(cast: Cast, browser_of: BrowserOf) -> Callable[[str], Person]:
    """Somebody with an account at an address, signed in."""

    def arrive(address: str) -> Person:
        user = User.objects.create_user(address, PASSWORD, name="Programme lead")
        confirm(user)
        cast.users[address] = user
        return browser_of(address)

    return arrive


def trusts_the_domain(operator: Person, cast: Cast) -> None:
    operator.opens(f"/operator/organisations/{cast.organisation('icb').slug}/")
    operator.follows("Trust a domain")
    operator.fills(
        {"Which domain?": DOMAIN, "How do you know that it is theirs?": "It is on its website."}
    )
    operator.presses("Trust this domain")
    operator.is_told("Domain trusted")


def claims(person: Person, name: str) -> None:
    """From one's own organisations through the directory to the claim."""
    person.opens("/")
    person.follows("Find the organisation that you work for")
    person.fills({"Name, code or postcode": "Black Country"})
    person.presses("Search")
    person.page.get_by_role("link", name=name).first.click()
    person.fills(
        {
            "What is your job title?": "Programme lead",
            "How can we check that you work there?": "Ask the switchboard for me",
        }
    )
    person.presses("Ask to speak for this organisation")


def test_an_organisation_joins_and_nobody_gets_in_beside_it(
    cast: Cast, browser_of: BrowserOf, colleague: Callable[[str], Person], post: Post
) -> None:
    board = cast.organisation("icb")
    # Given a school trust that has recorded the board, and an operator who trusts its domain
    opened(cast, partner="icb", name="Careers in health")
    trusts_the_domain(browser_of("operator"), cast)
    # When somebody at an address there claims it
    lead = colleague(f"lead@{DOMAIN}")
    claims(lead, board.name)
    # Then they speak for it; its pages open with the terms, and they are told what comes next
    lead.is_told("Your address shows that you work there")
    assert lead.opens(page(cast, "home", "icb")) == NOT_FOUND
    lead.opens("/")
    lead.presses(f"Accept for {board.name}")
    lead.is_refused("Tick the box if you accept the terms")
    lead.page.get_by_role("checkbox").check()
    lead.presses(f"Accept for {board.name}")
    lead.reads(f"{board.name} is open", "This is what happens next", "Invite your colleagues")
    # And it sees nothing of the partnership before it is invited and accepts
    lead.follows("Go to your home page")
    lead.finds_nothing_of("Careers in health")
    # And the trust is told, with a link of its own, and the lead by e-mail as well
    arrived = post.goes_out()
    (told,) = [m for m in arrived[cast.users["school_manager"].email] if "joined" in m["Subject"]]
    assert "Careers in health" in plain(told)
    manager = browser_of("school_manager")
    assert manager.opens(link_in(told, "/r/")) == 200
    assert any("what happens next" in message["Subject"] for message in arrived[lead.email])

    # When a second person at the same domain claims it, and somebody at a look-alike
    for address in (f"second@{DOMAIN}", f"lead@{LOOK_ALIKE}"):
        late = colleague(address)
        claims(late, board.name)
        # Then both wait, and neither sees a page of it
        late.is_told(f"You have asked to speak for {board.name}")
        late.reads("Waiting", "Until then you see none of its records")
        for name in ("home", "people", "partnerships"):
            assert late.opens(page(cast, name, "icb")) == NOT_FOUND
    lead.opens(page(cast, "people", "icb"))
    lead.reads("1 person")
