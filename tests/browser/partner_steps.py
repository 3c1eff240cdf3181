"""What the invited NHS trust's lead, the operator and the stranger do in the spine."""

from __future__ import annotations

import re

from tests.browser.letters import link_in, plain
from tests.browser.person import NOT_FOUND, Person
from tests.browser.story import INTERNAL, LEAD, NAME, OUR_DEPUTY, OURS, SCHOOL, SHARED, TRUST, Story
from tests.cast import PASSWORD

REF = re.compile(r"(?<=/)[0-9bcdfghjkmnpqrstvwxyz]{12}(?=/)")


def creates_an_account(story: Story, invitation: str) -> None:
    lead = story.lead
    lead.opens(invitation)
    lead.reads(f"{SCHOOL} invites {TRUST}", "admits nobody")
    lead.finds_nothing_of(SHARED, INTERNAL, OURS)
    lead.follows("Create an account")
    lead.fills({"Full name": "Children’s services lead", "Email address": LEAD})
    lead.fills({"Password": PASSWORD})
    lead.presses("Create account")
    lead.reads("Check your email")
    (message,) = story.post.goes_out()[LEAD]
    lead.opens(link_in(message, "/account/"))
    lead.presses("Confirm")
    lead.signs_in()
    assert lead.path == invitation, "signing in leads back to the invitation"


def asks_to_speak_for_the_trust(story: Story) -> None:
    story.lead.fills(
        {
            "What is your job title?": "Lead for children’s services",
            "How can we check that you work there?": "Ask the switchboard for me",
        }
    )
    story.lead.presses("Ask to speak for it")
    story.lead.is_told(f"You have asked to speak for {TRUST}")
    arrived = story.post.goes_out()
    assert set(arrived) == {LEAD, story.operator.email}


def is_not_admitted(lead: Person, touchpoint: str) -> None:
    partnership, _, ref = touchpoint.rstrip("/").rpartition("/touchpoints/")
    for address in (
        "/o/the-dudley-group-nhs-foundation-trust/",
        touchpoint,
        f"{partnership}/",
        f"/r/t-{ref}/",
    ):
        assert lead.opens(address) == NOT_FOUND, address
        lead.finds_nothing_of(SHARED, INTERNAL, NAME)


def operator_approves(story: Story) -> None:
    operator = story.operator
    operator.signs_in()
    assert operator.path == "/operator/"
    operator.follows(TRUST)
    operator.reads(LEAD, SCHOOL, "Nobody: this would be the first person")
    operator.chooses("Approve")
    operator.fills({"How did you check?": "Rang the switchboard, who put me through"})
    operator.presses("Confirm decision")
    operator.is_told(f"now speaks for {TRUST}")
    operator.finds_nothing_of(NAME, SHARED, INTERNAL)
    (message,) = story.post.goes_out()[LEAD]
    assert f"You now speak for {TRUST}" in plain(message)


def accepts_the_terms(story: Story) -> None:
    """The last step before the trust's pages open; the school is told first."""
    lead = story.lead
    lead.reads("Processing terms", "One thing is left before the pages")
    lead.page.get_by_role("checkbox").check()
    lead.presses(f"Accept for {TRUST}")
    lead.reads("This is what happens next")
    story.post.goes_out()
    lead.follows("Go to your home page")


def accepts_the_invitation(story: Story) -> None:
    lead = story.lead
    lead.opens("/")
    lead.follows("Sign out")
    lead.signs_in()
    accepts_the_terms(story)
    lead.finds_nothing_of(SHARED, INTERNAL)
    lead.follows(f"Answer {SCHOOL}’s invitation")
    lead.reads("What accepting means", "As we said by telephone.")
    lead.chooses("Accept")
    lead.presses("Send answer")
    lead.is_told(f"You have joined {NAME}")
    (message,) = story.post.goes_out()[story.editor.email]
    assert f"{TRUST} has accepted" in plain(message)


def sees_what_is_shared(lead: Person) -> None:
    lead.reads(SHARED, OURS, OUR_DEPUTY, "3:30pm", "Short update")
    lead.finds_nothing_of(INTERNAL, f"Only {SCHOOL}")
    lead.opens(f"{lead.path}conversations/")
    lead.reads(SHARED, "1 conversation")
    lead.finds_nothing_of(INTERNAL)
    lead.follows("Back to the partnership")


def names_their_own_contact(lead: Person) -> None:
    for function, email in (("deputy", "deputy@dudley.example"),):
        lead.follows(f"Name the {function} of {TRUST}")
        if lead.page.get_by_role("link", name="Name someone who is not in this list").count():
            lead.follows("Name someone who is not in this list")
        lead.fills(
            {
                "Their name": "Children’s services deputy",
                "Their job title": "Deputy lead",
                "Their work email address": email,
            }
        )
        lead.presses(f"Save {function}")
        lead.reads(email)


def records_the_outcome(lead: Person, touchpoint: str) -> None:
    lead.comes_back()
    lead.reads("Outcome needed")
    ref = touchpoint.rstrip("/").rsplit("/", 1)[1]
    lead.opens(f"/r/t-{ref}/")
    clicks = 0
    for click in (lambda: lead.presses("Held"), lambda: lead.presses("Record outcome")):
        click()
        clicks += 1
    lead.is_told("Outcome recorded")
    assert clicks == 2


def stranger_sees_nothing(story: Story) -> None:
    stranger = story.stranger
    stranger.signs_in()
    own = stranger.path.split("/")[2]
    secrets = (NAME, SHARED, INTERNAL, LEAD, OURS, OUR_DEPUTY)
    for address in addresses_to_try(story.visited, own):
        answer = stranger.page.request.get(address)
        assert answer.status == NOT_FOUND, f"{address} answers {answer.status}"
        assert not [secret for secret in secrets if secret in answer.text()], address
    for address in (
        f"/o/{own}/",
        f"/o/{own}/partnerships/",
        f"/o/{own}/partnerships/?words=Vision",
        f"/o/{own}/find/?q=Vision+checks",
        f"/o/{own}/find/?q={LEAD}",
        f"/o/{own}/organisations/the-dudley-group-nhs-foundation-trust/",
        "/organisations/",
    ):
        assert stranger.opens(address) == 200, address
        stranger.finds_nothing_of(*secrets[:3], OURS, OUR_DEPUTY)


def addresses_to_try(visited: set[str], own: str) -> set[str]:
    """Every private address that the two sides saw, as it is and as if it were the stranger's."""
    private = {path for path in map(path_of, visited) if path.startswith("/o/")}
    refs = {ref for path in private for ref in REF.findall(path)}
    assert len(private) > 12
    assert len(refs) >= 3, "a partnership, a touchpoint and an invitation"
    as_own = {re.sub(r"^/o/[^/]+/", f"/o/{own}/", path) for path in private if REF.search(path)}
    neutral = {f"/r/{kind}-{ref}/" for kind in "pt" for ref in refs}
    return private | as_own | neutral


def path_of(address: str) -> str:
    """An address without its host."""
    return re.sub(r"^http://[^/]+", "", address)
