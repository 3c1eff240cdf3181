"""Signing in and out: who may, where it leads, what goes on record."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from organisations.demo_accounts import DEMO_PASSWORD
from organisations.models import User
from tests.cast import PASSWORD, Cast, confirm
from tests.organisations.onlooker import Superuser, on_record

NOT_RIGHT = "The email address or the password is not right"


def sign_in(client: Client, email: str, password: str, **more: str) -> str:
    """Where the attempt leads; empty when it stays on the sign-in page."""
    response = client.post(reverse("account_login"), {"login": email, "password": password, **more})
    return response.get("Location", "")


def person_with(password: str, **fields: object) -> User:
    """Somebody with a confirmed address."""
    user = User.objects.create_user("someone@demo.example", password, name="Someone", **fields)
    confirm(user)
    return user


def test_signing_in_leads_to_the_first_page_and_goes_on_record(
    cast: Cast, superuser: Superuser
) -> None:
    client = Client()

    assert sign_in(client, "School-Editor@Tandem.example", PASSWORD) == "/"
    assert client.session["_auth_user_id"] == str(cast.school_editor.user_id)
    assert on_record(superuser, user_id=cast.school_editor.user_id) == ["signed in"]


def test_signing_out_goes_on_record(cast: Cast, superuser: Superuser) -> None:
    client = Client()
    sign_in(client, "school-editor@tandem.example", PASSWORD)

    client.post(reverse("account_logout"))

    assert "_auth_user_id" not in client.session
    assert on_record(superuser)[-2:] == ["signed in", "signed out"]


def test_a_failed_attempt_is_recorded_without_the_address(cast: Cast, superuser: Superuser) -> None:
    response = Client().post(
        reverse("account_login"),
        {"login": "school-editor@tandem.example", "password": "not the right one"},
    )

    assert NOT_RIGHT in response.text
    rows = superuser.execute(
        "SELECT action, user_id, changes FROM organisations_auditevent ORDER BY id DESC LIMIT 1"
    ).fetchall()
    assert rows == [("sign-in failed", None, {})]


def test_an_unknown_address_gets_the_same_answer(cast: Cast) -> None:
    answers = [
        Client().post(reverse("account_login"), {"login": address, "password": "wrong"}).text
        for address in ("school-editor@tandem.example", "nobody-known@tandem.example")
    ]

    assert all(NOT_RIGHT in answer for answer in answers)


def test_somebody_switched_off_does_not_get_in(db: None) -> None:
    person_with(PASSWORD, is_active=False)
    client = Client()

    assert sign_in(client, "someone@demo.example", PASSWORD) == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_a_session_ends_when_its_person_is_switched_off(cast: Cast) -> None:
    client = cast.client("school_editor")
    User.objects.filter(pk=cast.school_editor.user_id).update(is_active=False)

    response = client.get(reverse("my-organisations"))

    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/organisations/", "/organisations/"),
        ("/o/x/?draft=1", "/o/x/?draft=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("http://localhost:9/", "/"),
    ],
)
def test_after_signing_in_only_our_own_addresses_are_led_to(
    cast: Cast, wanted: str, led_to: str
) -> None:
    assert sign_in(Client(), "school-editor@tandem.example", PASSWORD, next=wanted) == led_to


def test_a_demo_account_signs_in_with_the_demo_password_in_the_demo(db: None) -> None:
    person_with(DEMO_PASSWORD, is_demo=True)

    assert sign_in(Client(), "someone@demo.example", DEMO_PASSWORD) == "/"


def test_a_demo_account_is_worth_nothing_outside_the_demo(db: None, settings: object) -> None:
    user = person_with(DEMO_PASSWORD, is_demo=True)
    signed_in_before = Client()
    sign_in(signed_in_before, user.email, DEMO_PASSWORD)

    settings.DEMO = False  # type: ignore[attr-defined]

    attempt = Client().post(
        reverse("account_login"), {"login": user.email, "password": DEMO_PASSWORD}
    )
    assert NOT_RIGHT in attempt.text
    page = signed_in_before.get(reverse("my-organisations"))
    assert page["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("demo", [True, False])
def test_the_demo_password_opens_no_other_account(db: None, settings: object, demo: bool) -> None:
    settings.DEMO = demo  # type: ignore[attr-defined]
    person_with(DEMO_PASSWORD)

    assert sign_in(Client(), "someone@demo.example", DEMO_PASSWORD) == ""


def test_nobody_may_choose_the_demo_password(cast: Cast) -> None:
    client = cast.client("school_editor")

    response = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": DEMO_PASSWORD, "password2": DEMO_PASSWORD},
    )

    assert "public password of the demo" in response.text


def test_a_demo_account_keeps_its_password(db: None) -> None:
    user = person_with(DEMO_PASSWORD, is_demo=True)
    client = Client()
    sign_in(client, user.email, DEMO_PASSWORD)
    other = "another long password"

    response = client.post(
        reverse("account_change_password"),
        {"oldpassword": DEMO_PASSWORD, "password1": other, "password2": other},
    )

    assert "keep the password" in response.text
    assert User.objects.get(pk=user.pk).check_password(DEMO_PASSWORD)


def test_a_changed_password_goes_on_record_and_ends_other_sessions(
    cast: Cast, superuser: Superuser
) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        sign_in(client, "school-editor@tandem.example", PASSWORD)
    other = "another long password"

    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": other, "password2": other},
    )

    assert "password changed" in on_record(superuser, user_id=cast.school_editor.user_id)
    assert here.get(reverse("my-organisations")).status_code == 200
    assert elsewhere.get(reverse("my-organisations")).status_code == 302


def test_many_wrong_attempts_are_stopped(cast: Cast) -> None:
    client = Client()
    for _ in range(5):
        sign_in(client, "school-editor@tandem.example", "wrong")

    response = client.post(
        reverse("account_login"),
        {"login": "school-editor@tandem.example", "password": PASSWORD},
    )

    assert "Too many attempts" in response.text
