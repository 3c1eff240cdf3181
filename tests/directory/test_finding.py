"""Finding people and gateways: by words with typing errors, by filters, and never too much."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.directory import areas, selectors
from contacts.directory.selectors import Filters, find_gateways, find_people
from contacts.directory_services import confirm_posting, end_posting
from contacts.models import Posting, Region, RoleType
from contacts.services import record_posting
from organisations.actor import Actor
from organisations.tenancy.scope import Scope
from tests.cast import Cast
from tests.directory.arranging import acting_as, admin_of, listed, place

Super = psycopg.Connection[Any]


@pytest.fixture
def admin(cast: Cast) -> Actor:
    return admin_of(cast)


@pytest.fixture
def nurse(cast: Cast, admin: Actor) -> Posting:
    return listed(
        admin,
        organisation=cast.organisation("health"),
        role="school_nurse_lead",
        place=place("Walsall"),
    )


@pytest.fixture
def director(cast: Cast, admin: Actor) -> Posting:
    return listed(
        admin,
        organisation=cast.organisation("council"),
        role="dph",
        name="Public health director",
        job_title="Director of public health",
        email="director@council.example",
    )


def names(actor: Actor, words: str = "", **more: Any) -> list[str]:
    with acting_as(actor):
        found = find_people(Filters(words=words, **more))
    assert found.total == len(found.postings)
    return [each.person.name for each in found.postings]


@pytest.mark.parametrize(
    "words",
    [
        "school nursing lead",
        "nursing",
        "scool nursng",
        "team leader walsall",
        "walsall healthcare",
        "Wallsall Helthcare nurs",
        "0-19 service",
        "WS1 1",
        "ws29ps",
    ],
)
def test_a_person_is_found_by_any_of_it(cast: Cast, nurse: Posting, words: str) -> None:
    assert names(cast.school_viewer, words) == ["School nursing lead"]


def test_whole_words_come_before_similar_ones_and_a_name_before_the_rest(
    cast: Cast, admin: Actor, nurse: Posting, director: Posting
) -> None:
    listed(admin, organisation=cast.organisation("health"), name="Director’s assistant")

    assert names(cast.school_editor, "director") == [
        "Director’s assistant",
        "Public health director",
    ]
    with acting_as(cast.school_editor):
        assert find_people(Filters(words="directr")).only_similar
        assert not find_people(Filters(words="director")).only_similar


def test_filters_narrow(cast: Cast, nurse: Posting, director: Posting) -> None:
    by = cast.school_viewer
    region, elsewhere = Region.objects.get(slug="black-country"), Region.objects.get(slug="devon")
    dph = RoleType.objects.get(key="dph")

    assert len(names(by, region=region)) == 2
    assert names(by, region=elsewhere) == []
    # At the council of the place, or recorded for the place.
    assert len(names(by, place=place("Walsall"))) == 2
    assert names(by, role=dph) == ["Public health director"]
    assert names(by, kinds=["nhs_trust"]) == ["School nursing lead"]
    assert names(by, organisation_id=cast.organisation("council").pk) == ["Public health director"]
    assert len(names(by, fresh="due")) == 2
    assert names(by, fresh="current") == []


def test_freshness_is_asked_of_the_check(
    cast: Cast, admin: Actor, nurse: Posting, superuser: Super
) -> None:
    with acting_as(admin) as by:
        confirm_posting(by=by, posting=Posting.objects.get(pk=nurse.pk))
    fresh = names(cast.school_viewer, fresh="current")
    superuser.execute("UPDATE contacts_posting SET disputed_at = now() WHERE id = %s", [nurse.pk])

    assert fresh == ["School nursing lead"]
    assert names(cast.school_viewer, fresh="current") == []
    assert names(cast.school_viewer, fresh="due") == ["School nursing lead"]


def test_private_ended_and_unjoined_see_nothing(
    cast: Cast, admin: Actor, nurse: Posting, director: Posting
) -> None:
    with acting_as(cast.school_editor) as by:
        record_posting(
            by=by,
            organisation=cast.organisation("health"),
            name="Somebody private",
            job_title="Nurse",
            email="private@health.example",
        )
    with acting_as(admin) as by:
        end_posting(
            by=by,
            posting=Posting.objects.get(pk=director.pk),
            on=timezone.localdate() - timedelta(days=1),
        )

    # Not even to the organisation that recorded it: it lies in its own record.
    assert names(cast.school_editor, "private") == []
    assert names(cast.stranger, "nurse") == ["School nursing lead"]
    assert names(cast.stranger, "director") == []
    for actor in (admin, Actor(cast.users["operator"].pk, is_operator=True)):
        assert names(actor, "nurse") == []


def test_it_is_found_by_its_new_names(
    cast: Cast, nurse: Posting, superuser: Super, director: Posting
) -> None:
    for table, pk in (
        ("contacts_person", nurse.person_id),
        ("contacts_roletype", director.role_type_id),
        ("organisations_organisation", nurse.organisation_id),
    ):
        before = superuser.execute(f"SELECT name FROM {table} WHERE id = %s", [pk]).fetchone()
        assert before is not None
        superuser.execute(f"UPDATE {table} SET name = 'Zebra crossing' WHERE id = %s", [pk])
        found = names(cast.school_viewer, "zebra")
        superuser.execute(f"UPDATE {table} SET name = %s WHERE id = %s", [before[0], pk])
        assert len(found) == 1
    assert names(cast.school_viewer, "zebra") == []


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.text(alphabet=st.sampled_from("ab1 %_\\'\"*;)-$|&<é’"), max_size=30))
def test_nothing_that_is_typed_is_a_pattern_or_a_statement(
    cast: Cast, nurse: Posting, words: str
) -> None:
    with acting_as(cast.school_viewer):
        found = find_people(Filters(words=words))
        find_gateways(Filters(words=words), limit=1)
    letters = [c for c in words if c.isalnum()]
    # What has no letter or digit finds nobody, unless nothing was asked for at all.
    if words.strip() and not letters:
        assert found.total == 0
    if not words.strip():
        assert found.total == 1


@pytest.mark.parametrize("words", ["%", "_", "a%", "\\", "' OR true --", "%%%%", "n_rse", "n%e"])
def test_wildcards_match_nothing(cast: Cast, director: Posting, words: str) -> None:
    assert names(cast.school_viewer, words) == []


def test_pages_go_on_where_the_last_one_ended(cast: Cast, admin: Actor) -> None:
    for number in range(5):
        listed(admin, organisation=cast.organisation("health"), name=f"Practitioner {number}")
    with acting_as(cast.school_viewer):
        first = find_people(Filters(words="practitioner"), limit=3)
        second = find_people(Filters(words="practitioner"), limit=3, offset=3)

    assert (first.total, second.total) == (5, 5)
    assert [e.person.name[-1] for e in first.postings + second.postings] == list("01234")


def test_gateways_are_found_by_kind_place_and_postcode(cast: Cast) -> None:
    def found(words: str) -> list[str]:
        with acting_as(cast.school_viewer):
            return [str(each) for each in find_gateways(Filters(words=words)).gateways]

    assert found("health wellbeing board walsall") == ["Health and wellbeing board, Walsall"]
    assert found("helth welbeing bord wallsall")[0] == "Health and wellbeing board, Walsall"
    assert "Health and wellbeing board, Walsall" in found("WS2 9PS")
    assert "Integrated care partnership, Black Country" in found("WS2 9PS")
    assert found("zzzz qqqq") == []


def test_an_area_says_how_complete_and_how_fresh_it_is(
    cast: Cast, admin: Actor, nurse: Posting, director: Posting
) -> None:
    with acting_as(admin) as by:
        confirm_posting(by=by, posting=Posting.objects.get(pk=nurse.pk))
    with acting_as(cast.school_viewer):
        area = areas.of_place(place("Walsall"))
        parts = areas.parts_of(Region.objects.get(slug="black-country"))
    walsall = next(each for each in parts if each.share.place.name == "Walsall")

    assert (area.people.total, area.people.good) == (2, 1)
    assert (walsall.people.total, walsall.people.good) == (2, 1)
    assert area.described.good == 0
    assert area.described.total == walsall.gateways.total > 0
    assert area.held.good == 2 < area.held.total


def queries(cast: Cast, url: str, part: str = "school_viewer", organisation: str = "school") -> int:
    client = cast.client(part)
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def pages(cast: Cast) -> list[str]:
    slug = cast.organisation("school").slug
    here = reverse("directory", args=[slug])
    return [
        f"{here}?q=walsall",
        f"{here}?kind=people&region=black-country",
        reverse("directory-region", args=[slug, "black-country"]),
        reverse("directory-place", args=[slug, cast.organisation("council").slug]),
    ]


def test_pages_ask_as_much_of_many_as_of_one(cast: Cast, admin: Actor, nurse: Posting) -> None:
    before = [queries(cast, url) for url in pages(cast)]
    for number in range(6):
        listed(
            admin,
            organisation=cast.organisation("council"),
            name=f"Practitioner {number}",
            place=place("Walsall"),
        )

    assert [queries(cast, url) for url in pages(cast)] == before
    assert max(before) < 30


def test_the_pages_say_what_they_should(
    cast: Cast, admin: Actor, nurse: Posting, director: Posting
) -> None:
    slug = cast.organisation("school").slug
    client = cast.client("school_viewer")

    def page(name: str, *args: str, **query: str) -> str:
        return client.get(reverse(name, args=[slug, *args]), query).content.decode()

    start = page("directory")
    assert "Black Country" in start.split("Your area")[1].split("All regions")[0]
    found = page("directory", q="wallsall nursing")
    assert "School nursing lead" in found
    assert "1 person" in found
    assert "Never checked" in found
    nobody = page("directory", q="zzzz qqqq")
    assert "Nobody in the directory matches" in nobody
    assert "clear all of them" in nobody
    only = page("directory", kind="gateways", q="walsall")
    assert "Health and wellbeing board" in only
    assert '<h2 class="nhsuk-heading-m">People' not in only
    organisations = page("directory", kind="organisations", q="walsall healthcare")
    assert "Walsall Healthcare NHS Trust" in organisations
    assert "Choose one from the list" in page("directory", region="atlantis")
    region = page("directory-region", "black-country")
    assert "0 of 2 checked and in date" in region
    area = page("directory-place", cast.organisation("council").slug)
    assert "School nursing / 0-19 service lead" in area
    assert "Waiting for details" in area


def test_the_page_of_a_gateway(cast: Cast) -> None:
    with acting_as(cast.school_viewer):
        gateway = selectors.find_gateways(Filters(words="wellbeing board walsall")).gateways[0]
    url = reverse("directory-gateway", args=[cast.organisation("school").slug, gateway.ref])
    client: Callable[..., Any] = cast.client("school_viewer").get
    page = client(url).content.decode()

    assert "Waiting for details" in page
    assert "Start here when:" in page
    assert "No coming meeting is recorded" in page
    assert client(url.replace(gateway.ref, "nothing12345")).status_code == 404


def test_the_page_of_a_person_never_shows_how_to_reach_them(cast: Cast, nurse: Posting) -> None:
    url = reverse("directory-person", args=[cast.organisation("other").slug, nurse.ref])
    page = cast.client("stranger").get(url).content.decode()

    assert "School nursing lead" in page
    assert "Approach for:" in page
    assert "The team’s own web page" in page
    assert "Public task" in page
    assert "team.leader@health.example" not in page


def test_outside_a_request_nothing_is_found(cast: Cast, nurse: Posting) -> None:
    from django.db import transaction

    from organisations.tenancy.scope import acting

    with acting(Scope()), transaction.atomic():
        assert find_people(Filters()).total == 0
