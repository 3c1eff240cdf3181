"""The search page and the page of an organisation."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts import presenters
from contacts.selectors import Profile
from organisations.models import Kind, Organisation, School
from tests.cast import Cast

SCHOOL = "goldsmith-primary-academy"
SLUG = "windsor-academy-trust"


def find(**query: str) -> str:
    """The address of the search, acting for the school trust."""
    return reverse("find-organisation", args=[SLUG], query=query)


def page_of(target: str) -> str:
    """The address of an organisation's page, acting for the school trust."""
    return reverse("organisation", args=[SLUG, target])


def words(html: str) -> str:
    """What a reader sees of the main part."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.fixture
def client(cast: Cast) -> Client:
    """Signed in as an editor of the school trust."""
    return cast.client("school_editor")


def test_before_searching_it_says_what_can_be_typed(client: Client) -> None:
    shown = words(client.get(find()).text)

    assert "You can type: a name" in shown
    assert "a code" in shown
    assert "a postcode" in shown


def test_results_say_kind_place_code_and_whether_it_has_joined(client: Client) -> None:
    shown = words(client.get(find(q="Wallsall Healthcare")).text)

    assert "1 organisation" in shown
    assert "Nothing is called “Wallsall Healthcare”. These are similar." in shown
    assert re.search(r"Walsall Healthcare NHS Trust .*NHS trust, Walsall .*ODS RBK .*Joined", shown)


def test_a_result_leads_to_its_page_and_that_back_to_the_list(client: Client) -> None:
    html = client.get(find(q="walsall", kind="school", page="2")).text
    address = re.search(r'href="(/o/[^"]+/organisations/[^"]+)"', html)
    assert address is not None

    html = client.get(address[1].replace("&amp;", "&")).text

    back = re.search(r'class="nhsuk-back-link" href="([^"]+)"', html)
    assert back is not None
    assert back[1].replace("&amp;", "&") == find(q="walsall", kind="school", page="2")


def test_nothing_found_says_what_to_try(client: Client) -> None:
    html = client.get(find(q="<b>zzqqx</b>", kind="icb")).text

    assert "No organisation matches “&lt;b&gt;zzqqx&lt;/b&gt;”" in html
    assert "all kinds of organisation" in html
    assert "<b>zzqqx" not in html


def test_a_board_that_ended_is_explained(client: Client) -> None:
    shown = words(client.get(find(q="QNQ")).text)

    assert "NHS Frimley Integrated Care Board ended on 1 April 2026." in shown
    for successor in ("Hampshire and Isle of Wight", "Surrey and Sussex", "Thames Valley"):
        assert f"NHS {successor} Integrated Care Board" in shown


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 40, "10000", "٣", "1.5", ""])
def test_a_page_that_is_none_is_the_first(client: Client, page: str) -> None:
    response = client.get(find(q="walsall", page=page))

    assert response.status_code == 200
    assert "page 1 of" in words(response.text)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"q": "x" * 201}, "Enter at most 200 characters"),
        ({"kind": "dragon"}, "Choose a kind from the list"),
    ],
)
def test_what_cannot_be_searched_for_is_said(
    client: Client, query: dict[str, str], problem: str
) -> None:
    response = client.get(find(**query))

    assert response.status_code == 200
    assert words(response.text).count(problem) == 2  # summary and field


def test_the_search_is_only_read(client: Client) -> None:
    assert client.post(find(q="walsall")).status_code == 405
    assert client.post(page_of(SCHOOL)).status_code == 405


def test_strangers_and_the_signed_out(cast: Cast) -> None:
    for address in (find(), page_of(SCHOOL)):
        assert cast.client("stranger").get(address).status_code == 404
        assert cast.client(None).get(address).status_code == 302


def test_someone_without_an_organisation_finds_theirs(cast: Cast) -> None:
    address = reverse("find-my-organisation", query={"q": "Wallsall Healthcare"})

    html = cast.client("nobody").get(address).text

    assert reverse("ask-to-join", args=[cast.organisation("health").slug]) in html
    assert cast.client(None).get(address).status_code == 302


def test_an_unknown_organisation_is_not_found(client: Client) -> None:
    assert client.get(page_of("no-such-organisation")).status_code == 404


def test_a_school_leads_to_its_trust_and_opens_no_partnership(client: Client) -> None:
    school = School.objects.select_related("organisation", "trust").filter(trust__code="4320")[0]
    assert school.trust is not None

    html = client.get(page_of(school.organisation.slug)).text

    assert "A partnership is with the trust" in html
    assert page_of(school.trust.slug) in html
    assert "As Get Information about Schools has it" in html
    assert reverse("open-partnership", args=[SLUG]) not in html


def test_an_editor_may_open_a_partnership_and_a_viewer_may_not(cast: Cast) -> None:
    target = cast.organisation("health").slug
    button = reverse("open-partnership", args=[SLUG], query={"with": target})

    assert button in cast.client("school_editor").get(page_of(target)).text
    assert button not in cast.client("school_viewer").get(page_of(target)).text


def test_no_partnership_with_oneself_or_with_who_has_ended(client: Client) -> None:
    button = reverse("open-partnership", args=[SLUG])
    ended = "nhs-frimley-integrated-care-board"

    assert button not in client.get(page_of(SLUG)).text
    assert "that you are acting for" in client.get(page_of(SLUG)).text
    assert button not in client.get(page_of(ended)).text
    assert "ended on 1 April 2026" in client.get(page_of(ended)).text


def test_the_page_of_a_board(client: Client) -> None:
    shown = words(client.get(page_of("nhs-surrey-and-sussex-integrated-care-board")).text)

    for fact in (
        "S9B9J",
        "NHS region South East",
        "NHS Frimley Integrated Care Board (split, 1 April 2026)",
        "Surrey County Council",
        "Frimley Health NHS Foundation Trust (board worked out, not as published)",
        "has not joined Tandem",
        "Contains public sector information licensed under the Open Government Licence v3.0",
        "Loaded here on",
    ):
        assert fact in shown


def test_the_page_of_a_divided_council_says_how_much_each_board_covers(client: Client) -> None:
    shown = words(client.get(page_of("oxfordshire-county-council")).text)

    assert "NHS Thames Valley Integrated Care Board (covers about 99% of Oxfordshire)" in shown
    assert (
        "NHS Northamptonshire Integrated Care Board (covers less than 1% of Oxfordshire)" in shown
    )


def test_the_page_of_a_trust_lists_its_schools(client: Client) -> None:
    shown = words(client.get(page_of("reach2-academy-trust")).text)

    assert "6 schools known to be in this trust" in shown
    assert "Aerodrome Primary Academy" in shown
    assert "Burton-on-Trent, DE13 9TQ" in shown


def test_a_board_that_is_not_sure_is_said_to_be_to_check() -> None:
    trust = Organisation(
        kind=Kind.NHS_TRUST, code="RXX", name="A split NHS Trust", icb_basis="to_check"
    )

    facts = presenters.facts(Profile(trust, None), lambda organisation: "")

    board = next(fact for fact in facts if fact.key == "Integrated care board")
    assert str(board.value).startswith("To check: the NHS register still has a board")


def test_an_organisation_added_here_claims_no_source(client: Client) -> None:
    provider = Organisation.objects.using("owner").create(
        kind=Kind.PROVIDER, code="X1", name="A provider", slug="a-provider-for-this-test"
    )
    try:
        shown = words(client.get(page_of(provider.slug)).text)
    finally:
        provider.delete(using="owner")

    assert "it is not from open data" in shown


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (find(q="Wallsall Healthcare"), find(q="school")),
        (find(q="WS2 9PS"), find(q="E1")),
        (page_of("nhs-somerset-integrated-care-board"),
         page_of("nhs-west-and-north-london-integrated-care-board")),
        (page_of("rutland-county-council"), page_of("north-yorkshire-council")),
        (page_of("reach2-academy-trust"), page_of("united-learning-trust")),
    ],
)  # fmt: skip
def test_more_rows_take_no_more_statements(client: Client, small: str, large: str) -> None:
    counts = []
    for address in (small, small, large):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))

    assert counts[1] == counts[2] <= 12
