"""Before somebody decides who can get at what, they confirm that it is them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from organisations.demo_accounts import DEMO_PASSWORD
from organisations.models import PersonInvitation
from organisations.services import ask_to_join
from organisations.tenancy.scope import acting
from tests.access.arranged import Arranged, arrange_for_addresses
from tests.cast import PASSWORD, Cast
from tests.organisations.onlooker import Superuser, count
from tests.photographs import Photographs
from tests.record.arranging import once_in
from tests.signing_in.oidc_server import Provider
from tests.signing_in.ways import at_provider, by_password

Later = Callable[[float], None]
OF_MANAGERS = (
    "invite-person",
    "change-role",
    "remove-person",
    "give-access",
    "take-records",
    "leave-tandem",
)
OF_OPERATORS = (
    "give-region",
    "take-region",
    "start-support",
    "trust-domain",
    "reset-second-step",
    "steer-outbox",
    "reinstate-organisation",
)
CONFIRM = "/account/reauthenticate/"


@pytest.fixture
def arranged(cast: Cast, photographs: Photographs) -> Arranged:
    return photographs.show(arrange_for_addresses, cast)


def address(name: str, arranged: Arranged) -> str:
    school = arranged.world.cast.organisation("school").slug
    region = {"slug": arranged.region_grant.content_object.slug}
    return reverse(
        name,
        kwargs={
            "invite-person": {},
            "change-role": {"person": arranged.somebody.ref},
            "remove-person": {"person": arranged.somebody.ref},
            "give-access": {"ref": arranged.world.partnership.ref},
            "give-region": region,
            "take-region": {**region, "grant": arranged.region_grant.pk},
            "start-support": {"slug": school},
            "trust-domain": {"slug": school},
            "reset-second-step": {},
            "steer-outbox": {},
            "take-records": {},
            "leave-tandem": {},
            "reinstate-organisation": {"slug": school},
        }[name]
        | ({"organisation_slug": school} if name in OF_MANAGERS else {}),
    )


def who(name: str) -> str:
    return "school_manager" if name in OF_MANAGERS else "operator"


@pytest.mark.parametrize("name", OF_MANAGERS + OF_OPERATORS)
def test_it_is_asked_after_a_while_and_then_not_again(
    arranged: Arranged, later: Later, name: str
) -> None:
    client = arranged.world.cast.client(who(name))
    page = address(name, arranged)
    fresh = client.get(page).status_code
    later(16 * 60)
    asked = [client.get(page), client.post(page, {})]
    client.post(CONFIRM, {"password": PASSWORD, "next": page})

    assert fresh == 200
    for answer in asked:
        assert answer["Location"].startswith(CONFIRM), name
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("name", OF_MANAGERS + OF_OPERATORS)
def test_a_stranger_is_asked_nothing_and_learns_nothing(
    arranged: Arranged, later: Later, name: str
) -> None:
    client = arranged.world.cast.client("council_editor")
    later(16 * 60)

    assert client.get(address(name, arranged)).status_code == 404


def test_what_was_typed_is_there_again_and_is_saved_once(
    arranged: Arranged, later: Later, superuser: Superuser
) -> None:
    client = arranged.world.cast.client("school_manager")
    page = address("invite-person", arranged)
    typed = {"once": once_in(client.get(page).text), "email": "late@school.example"}
    before = count(superuser, PersonInvitation._meta.db_table)
    later(16 * 60)

    led_to = client.post(page, {**typed, "role": "editor"})["Location"]
    not_yet = count(superuser, PersonInvitation._meta.db_table)
    going_to = client.get(led_to).text.split('name="next" value="')[1].split('"')[0]
    back = client.post(CONFIRM, {"password": PASSWORD, "next": going_to})["Location"]
    again = client.get(back).text
    saved = client.post(page, {**typed, "role": "editor"})

    assert not_yet == before
    assert "late@school.example" in again
    assert "Nothing you typed is lost" in again
    assert saved.status_code == 302
    assert count(superuser, PersonInvitation._meta.db_table) == before + 1


def test_an_operator_is_asked_before_admitting_somebody(cast: Cast, later: Later) -> None:
    nobody = cast.nobody
    with acting(nobody.scope), transaction.atomic():
        asked = ask_to_join(
            by=nobody,
            organisation=cast.organisation("icb"),
            job_title="Programme lead",
            evidence="Ring the switchboard",
        )
    client = cast.client("operator")
    page = reverse("decide-joining", args=[asked.ref])
    fresh = client.get(page).status_code
    later(16 * 60)

    assert fresh == 200
    for answer in (client.get(page), client.post(page, {"decision": "approve"})):
        assert answer["Location"].startswith(CONFIRM)


def test_a_wrong_password_confirms_nothing(arranged: Arranged, later: Later) -> None:
    client = arranged.world.cast.client("school_manager")
    page = address("invite-person", arranged)
    later(16 * 60)
    client.post(CONFIRM, {"password": "not-the-password", "next": page})

    assert client.get(page)["Location"].startswith(CONFIRM)


def test_who_signs_in_by_a_provider_alone_confirms_there(
    arranged: Arranged, provider: Callable[..., Provider], superuser: Superuser, later: Later
) -> None:
    provider()
    client = Client()
    by_password(client, arranged.world.cast.users["school_manager"].email)
    key = client.get(reverse("account_connections")).text.split("/works/link/?")[1].split('"')[0]
    client.get(at_provider(client, f"/account/oidc/works/link/?{key}"))
    superuser.execute("UPDATE organisations_user SET password = '!'")
    client = Client()
    client.get(at_provider(client, "/account/oidc/works/login/"))
    page = address("invite-person", arranged)
    later(16 * 60)

    asked = client.get(page)["Location"]
    back = client.get(at_provider(client, asked))["Location"]

    assert asked.startswith("/account/oidc/works/confirm/?next=")
    assert back == page
    assert client.get(page).status_code == 200


def test_in_the_demo_the_page_says_the_password(
    cast: Cast, superuser: Superuser, settings: Any
) -> None:
    superuser.execute(
        "UPDATE organisations_user SET is_demo = true WHERE id = %s", [cast.nobody.user_id]
    )

    assert DEMO_PASSWORD in cast.client("nobody").get(CONFIRM).text
    assert DEMO_PASSWORD not in cast.client("stranger").get(CONFIRM).text
