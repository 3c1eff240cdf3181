"""Creating an account: confirmed by e-mail, and telling nobody which addresses have one."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import quote

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from organisations.demo_accounts import DEMO_PASSWORD
from organisations.models import Membership, User
from tests.cast import PASSWORD, Cast
from tests.organisations.onlooker import Superuser, count, link_in, mailed_to, on_record

ADDRESS = "new.person@school.example"
CHOSEN = "a long enough secret"


def sign_up(client: Client, email: str = ADDRESS, **more: str) -> str:
    """Fill the form in; where it leads."""
    response = client.post(
        reverse("account_signup"),
        {"name": "A new person", "email": email, "password1": CHOSEN, **more},
    )
    assert response.status_code == 302, re.findall(r"error[^<]*<[^<]*<[^<]*", response.text)
    return str(response["Location"])


def sign_in(client: Client) -> str:
    """Sign in as the new person; where it leads."""
    response = client.post(reverse("account_login"), {"login": ADDRESS, "password": CHOSEN})
    return str(response.get("Location", ""))


def test_from_sign_up_over_the_link_in_the_email_to_sign_in(db: None, superuser: Superuser) -> None:
    client = Client()

    assert sign_up(client) == reverse("account_email_verification_sent")
    assert sign_in(client) == reverse("account_email_verification_sent")

    (message, *_) = mailed_to(ADDRESS)
    link = link_in(message, "confirm-email")
    assert client.get(link).status_code == 200
    assert sign_in(client) == reverse("account_email_verification_sent"), "opening is not enough"
    assert client.post(link)["Location"] == reverse("account_login")
    assert sign_in(client) == "/"

    user = User.objects.get(email=ADDRESS)
    assert user.name == "A new person"
    assert on_record(superuser, user_id=user.pk) == [
        "account created",
        "email address confirmed",
        "signed in",
    ]
    assert count(superuser, Membership._meta.db_table) == 0, "an account admits to nothing"


def test_where_the_person_was_going_survives_the_confirmation(db: None) -> None:
    client = Client()
    sign_up(client, next="/organisations/?q=walsall")

    confirmed = client.post(link_in(mailed_to(ADDRESS)[0], "confirm-email"))

    assert confirmed["Location"] == f"{reverse('account_login')}?next=" + quote(
        "/organisations/?q=walsall", safe=""
    )


def test_a_foreign_address_is_not_remembered_as_where_to_go(db: None) -> None:
    client = Client()
    sign_up(client, next="https://evil.example/")

    confirmed = client.post(link_in(mailed_to(ADDRESS)[0], "confirm-email"))

    assert confirmed["Location"] == reverse("account_login")


def test_an_address_with_an_account_gets_the_same_answer_and_an_email(cast: Cast) -> None:
    taken = "school-editor@tandem.example"
    people = User.objects.count()

    assert sign_up(Client(), email=taken) == sign_up(Client(), email=ADDRESS)

    assert User.objects.count() == people + 1
    (message,) = mailed_to(taken)
    assert "already" in str(message.body)
    assert "confirm-email" not in str(message.body)


@pytest.mark.parametrize(
    "address",
    [
        "lead@blасkcountry.icb.nhs.uk",
        "lead@xn--blckcountry-21h.icb.nhs.uk",
        "lеad@blackcountry.icb.nhs.uk",
    ],
)
def test_an_address_in_letters_that_pass_for_others_gets_no_account(db: None, address: str) -> None:
    response = Client().post(
        reverse("account_signup"), {"name": "A person", "email": address, "password1": CHOSEN}
    )

    assert "Use an email address with the letters a to z only" in response.text
    assert not User.objects.exists()


def test_an_address_waiting_for_confirmation_is_not_taken_over(db: None) -> None:
    first, second = Client(), Client()

    assert sign_up(first) == sign_up(second)

    assert User.objects.filter(email=ADDRESS).count() == 1


def test_signing_up_twice_at_the_same_moment_creates_one_account(db: None) -> None:
    together = Barrier(2)

    def post(_: int) -> str:
        try:
            together.wait(timeout=10)
            return sign_up(Client())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        led_to = set(pool.map(post, range(2)))

    assert led_to == {reverse("account_email_verification_sent")}
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert any("confirm-email" in str(each.body) for each in mailed_to(ADDRESS))


def test_resetting_a_password_answers_the_same_for_every_address(cast: Cast) -> None:
    known, unknown = "school-editor@tandem.example", "nobody-known@tandem.example"
    answers = {
        address: Client().post(reverse("account_reset_password"), {"email": address})
        for address in (known, unknown)
    }

    assert {answer["Location"] for answer in answers.values()} == {
        reverse("account_reset_password_done")
    }
    (message,) = mailed_to(known)
    assert "password/reset/key" in str(message.body)
    assert all("password/reset/key" not in str(each.body) for each in mailed_to(unknown))


def test_a_password_reset_by_the_link_works_and_goes_on_record(
    cast: Cast, superuser: Superuser
) -> None:
    address, client = "school-editor@tandem.example", Client()
    client.post(reverse("account_reset_password"), {"email": address})
    opened = client.get(link_in(mailed_to(address)[0], "password/reset/key"), follow=True)

    client.post(opened.request["PATH_INFO"], {"password1": CHOSEN, "password2": CHOSEN})

    user = User.objects.get(email=address)
    assert user.check_password(CHOSEN)
    assert not user.check_password(PASSWORD)
    assert "password changed" in on_record(superuser, user_id=user.pk)


def test_links_in_emails_lead_to_the_address_of_the_service(cast: Cast, settings: object) -> None:
    settings.BASE_URL = "https://tandem.example"  # type: ignore[attr-defined]
    sign_up(Client())
    Client().post(reverse("account_reset_password"), {"email": "school-editor@tandem.example"})

    for address in (ADDRESS, "school-editor@tandem.example"):
        body = str(mailed_to(address)[0].body)
        assert "https://tandem.example/account/" in body
        assert "testserver" not in body


def test_weak_and_public_passwords_are_refused(db: None) -> None:
    for password in ("short", "password1234", DEMO_PASSWORD):
        response = Client().post(
            reverse("account_signup"),
            {"name": "Someone", "email": ADDRESS, "password1": password},
        )
        assert response.status_code == 200, password
    assert not User.objects.exists()


def test_a_name_is_asked_for_and_holds_no_nhs_number(db: None) -> None:
    for name, answer in (("", "Enter your full name"), ("943 476 5919", "NHS number")):
        response = Client().post(
            reverse("account_signup"), {"name": name, "email": ADDRESS, "password1": CHOSEN}
        )
        assert answer in response.text
    assert not User.objects.exists()


def test_nobody_signs_up_as_an_operator(db: None) -> None:
    sign_up(Client(), is_operator="on", is_superuser="on", is_demo="on")

    user = User.objects.get(email=ADDRESS)
    assert (user.is_operator, user.is_superuser, user.is_demo) == (False, False, False)
