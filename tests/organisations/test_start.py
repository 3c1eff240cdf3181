"""The first page, one's own organisations, and the pages open to everyone."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations import services
from organisations.demo_accounts import DEMO_PASSWORD
from organisations.models import Role, User
from organisations.tenancy.scope import acting
from tests.cast import Cast, admit, confirm
from tests.organisations.onlooker import Superuser


def test_signed_out_it_says_what_tandem_is(db: None) -> None:
    page = Client().get("/")

    assert page.status_code == 200
    assert reverse("account_login") in page.text
    assert reverse("account_signup") in page.text
    assert DEMO_PASSWORD not in page.text


def test_in_the_demo_it_lists_the_accounts_and_signs_in_with_one_click(db: None) -> None:
    user = User.objects.create_user(
        "school-trust@demo.example", DEMO_PASSWORD, name="School trust lead", is_demo=True
    )
    confirm(user)
    client = Client()

    page = client.get("/").text

    assert "School trust lead" in page
    assert "school-trust@demo.example" in page
    assert DEMO_PASSWORD in page
    signed_in = client.post(
        reverse("account_login"), {"login": user.email, "password": DEMO_PASSWORD}
    )
    assert signed_in["Location"] == "/"


def test_outside_the_demo_no_account_is_listed(db: None, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    User.objects.create_user("school-trust@demo.example", DEMO_PASSWORD, is_demo=True)

    page = Client().get("/").text

    assert "school-trust@demo.example" not in page
    assert DEMO_PASSWORD not in page


def test_who_speaks_for_one_organisation_is_led_to_its_home(cast: Cast) -> None:
    home = reverse("home", args=[cast.organisation("school").slug])

    assert cast.client("school_editor").get("/")["Location"] == home


def test_who_speaks_for_several_chooses(cast: Cast) -> None:
    admit(cast, "school_editor", "council", Role.EDITOR)
    client = cast.client("school_editor")

    assert client.get("/")["Location"] == reverse("my-organisations")
    page = client.get(reverse("my-organisations")).text
    for part in ("school", "council"):
        assert reverse("home", args=[cast.organisation(part).slug]) in page


def test_an_operator_is_led_to_what_waits(cast: Cast) -> None:
    assert cast.client("operator").get("/")["Location"] == reverse("operator")


def test_who_speaks_for_nobody_learns_what_to_do(cast: Cast) -> None:
    client = cast.client("nobody")

    assert client.get("/")["Location"] == reverse("my-organisations")
    page = client.get(reverse("my-organisations")).text
    assert "you do not speak for an organisation yet" in page
    assert reverse("find-my-organisation") in page


def test_a_suspended_organisation_is_named_and_not_led_to(cast: Cast, superuser: Superuser) -> None:
    superuser.execute(
        "UPDATE organisations_organisation SET suspended_at = now() WHERE id = %s",
        [cast.organisation("school").pk],
    )
    client = cast.client("school_editor")

    assert client.get("/")["Location"] == reverse("my-organisations")
    page = client.get(reverse("my-organisations")).text
    assert "Suspended" in page
    home = reverse("home", args=[cast.organisation("school").slug])
    assert f'href="{home}"' not in page
    assert client.get(home).status_code == 404


def test_signed_out_ones_own_pages_ask_to_sign_in_and_come_back(db: None) -> None:
    for name in ("my-organisations", "operator"):
        address = reverse(name)
        assert Client().get(address)["Location"] == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("name", ["about", "privacy", "accessibility"])
def test_pages_about_the_service_are_open_to_everyone(cast: Cast, name: str) -> None:
    for client in (Client(), cast.client("school_editor")):
        assert client.get(reverse(name)).status_code == 200


def test_ones_own_organisations_take_the_same_statements_for_one_or_many_requests(
    cast: Cast,
) -> None:
    def statements() -> int:
        client = cast.client("nobody")
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("my-organisations"))
        return len(captured)

    none = statements()
    with acting(cast.nobody.scope), transaction.atomic():
        for part in ("school", "health", "council"):
            services.ask_to_join(
                by=cast.nobody,
                organisation=cast.organisation(part),
                job_title="Lead",
                evidence="Ring.",
            )

    assert statements() == none
