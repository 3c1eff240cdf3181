"""The list of partnerships: what it is narrowed to, its pages, what it costs."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.models import Organisation
from partnerships.record.services import open_partnership
from tests.cast import Cast
from tests.record.arranging import acting_as, answered, invited, named, opened, statements


def listed(cast: Cast, part: str = "school_editor", own: str = "school", **query: str) -> str:
    where = reverse("partnerships", args=[cast.organisation(own).slug], query=query)
    response = cast.client(part).get(where)
    assert response.status_code == 200
    return response.text


def names(page: str) -> set[str]:
    return set(re.findall(r"Partnership:(\w+)", page))


def many(cast: Cast, number: int) -> None:
    trusts = Organisation.objects.filter(kind="nhs_trust", closed_on=None)[:number]
    with acting_as(cast.school_editor) as by:
        for count, trust in enumerate(trusts):
            open_partnership(by=by, name=f"Hub number {count}", purpose="", partner=trust)


@pytest.fixture
def four(cast: Cast) -> Cast:
    """One shared, one waiting, one declined, one with nobody invited."""
    answered(cast, invited(cast, opened(cast, name="Partnership:Shared")))
    invited(cast, opened(cast, name="Partnership:Waiting"))
    answered(cast, invited(cast, opened(cast, name="Partnership:Declined")), accept=False)
    alone = opened(cast, "other", name="Partnership:Alone")
    named(cast, alone, "school")
    named(cast, alone, "school", function="deputy", name="Deputy", email="d@school.example")
    return cast


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"Shared", "Waiting", "Declined", "Alone"}),
        ({"state": "shared"}, {"Shared"}),
        ({"state": "waiting"}, {"Waiting"}),
        ({"state": "declined"}, {"Declined"}),
        ({"state": "alone"}, {"Alone", "Declined"}),
        ({"state": "unnamed"}, {"Shared", "Waiting", "Declined"}),
        ({"state": "nonsense"}, {"Shared", "Waiting", "Declined", "Alone"}),
        ({"side": "school"}, {"Alone"}),
        ({"side": "health"}, {"Shared", "Waiting", "Declined"}),
        ({"words": "partnership:sh"}, {"Shared"}),
        ({"words": "walsall healthcare"}, {"Shared", "Waiting", "Declined"}),
        ({"words": "100%"}, set()),
        ({"words": "reach2", "side": "school"}, {"Alone"}),
    ],
)
def test_narrowing(four: Cast, query: dict[str, str], expected: set[str]) -> None:
    assert names(listed(four, **query)) == expected


def test_each_side_sees_its_own(four: Cast) -> None:
    assert names(listed(four, "health_editor", "health")) == {"Shared"}
    assert "No partnerships yet" in listed(four, "stranger", "other")


def test_no_match_offers_to_clear(four: Cast) -> None:
    page = listed(four, words="zzzz")

    assert "No partnership matches" in page
    assert "Clear filters" in page


def test_twenty_five_a_page_and_the_filters_are_kept(cast: Cast) -> None:
    many(cast, 27)

    first = listed(cast, words="hub")
    last = listed(cast, words="hub", page="2")
    beyond = listed(cast, words="hub", page="99")

    assert first.count("Hub number") == 25
    assert last.count("Hub number") == beyond.count("Hub number") == 2
    assert "words=hub&amp;page=2" in first
    assert "27 partnerships" in first


def test_a_fixed_number_of_statements(cast: Cast) -> None:
    client = cast.client("school_editor")
    where = reverse("partnerships", args=[cast.organisation("school").slug])
    many(cast, 2)
    client.get(where)  # the first page of a session does more
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(where)
        counts.append(len(statements(captured)))
        many(cast, 30)

    assert counts[0] == counts[1]
    assert counts[1] <= 7, statements(captured)
