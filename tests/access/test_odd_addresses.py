"""An address with something in it that no database holds is an address of nothing."""

from __future__ import annotations

import pytest

from tests.cast import Cast

PLACES = [
    "/o/{slug}/partnerships/%00/",
    "/o/{slug}/partnerships/a%00b/touchpoints/",
    "/o/{slug}/invitations/a%00b/",
    "/o/{slug}/partnerships/new/?with=a%00b",
    "/o/{slug}/people/a%00b/role/",
    "/r/p-a%00b/",
    "/r/t-a%00b/",
    "/invitation/a%00b/",
]


@pytest.mark.parametrize("place", PLACES)
def test_a_nul_in_an_address_names_nothing(cast: Cast, place: str) -> None:
    address = place.format(slug=cast.organisation("school").slug)

    assert cast.client("school_manager").get(address).status_code == 404


def test_a_nul_in_an_address_names_nothing_to_an_operator(cast: Cast) -> None:
    assert cast.client("operator").get("/operator/joining/a%00b/").status_code == 404
