"""An address that names an organisation which is not one's own: no such page, and on record."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.organisations.onlooker import Superuser, on_record


@pytest.mark.parametrize("part", ["stranger", "nobody", "operator", "health_manager"])
def test_another_organisations_pages_do_not_exist(
    cast: Cast, superuser: Superuser, part: str
) -> None:
    client = cast.client(part)
    real = client.get(reverse("home", args=[cast.organisation("school").slug]))
    invented = client.get(reverse("home", args=["no-such-organisation"]))

    assert real.status_code == invented.status_code == 404
    assert cast.organisation("school").name not in real.text
    assert (
        on_record(superuser, user_id=cast.actors[part].user_id)
        == ["refused: acting for an organisation"] * 2
    )


def test_an_organisation_one_belongs_to_opens(cast: Cast) -> None:
    slug = cast.organisation("school").slug

    assert cast.client("school_viewer").get(reverse("home", args=[slug])).status_code == 200


def test_signed_out_it_asks_to_sign_in_whether_it_exists_or_not(cast: Cast) -> None:
    for slug in (cast.organisation("school").slug, "no-such-organisation"):
        response = Client().get(reverse("home", args=[slug]))
        assert response["Location"].startswith(reverse("account_login"))


def test_an_ended_membership_opens_nothing(cast: Cast, superuser: Superuser) -> None:
    superuser.execute(
        "UPDATE organisations_membership SET ended_at = now() WHERE user_id = %s",
        [cast.school_editor.user_id],
    )
    home = reverse("home", args=[cast.organisation("school").slug])

    assert cast.client("school_editor").get(home).status_code == 404
