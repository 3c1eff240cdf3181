"""The first account of a real start."""

from __future__ import annotations

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from organisations.demo_accounts import DEMO_PASSWORD
from organisations.models import User
from tests.organisations.onlooker import Superuser, on_record

PASSWORD = "a long enough secret"


def create(monkeypatch: pytest.MonkeyPatch, email: str, password: str) -> str:
    """Run the command with the password on standard input; what it prints."""
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    printed = StringIO()
    call_command("create_operator", email, "--password-from-stdin", stdout=printed)
    return printed.getvalue()


def test_the_operator_can_sign_in_at_once(
    db: None, monkeypatch: pytest.MonkeyPatch, superuser: Superuser
) -> None:
    printed = create(monkeypatch, "First.Operator@trust.example", PASSWORD)

    assert reverse("operator") in printed
    client = Client()
    signed_in = client.post(
        reverse("account_login"),
        {"login": "first.operator@trust.example", "password": PASSWORD},
    )
    assert signed_in["Location"] == "/"
    assert client.get("/")["Location"] == reverse("operator")
    assert on_record(superuser) == ["operator created", "signed in"]


@pytest.mark.parametrize(
    ("email", "password", "why"),
    [
        ("no address", PASSWORD, "email address"),
        ("operator@trust.example", "short", "too short"),
        ("operator@trust.example", DEMO_PASSWORD, "password of the demo"),
        ("operator@trust.example", "", "password is needed"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_created(
    db: None, monkeypatch: pytest.MonkeyPatch, email: str, password: str, why: str
) -> None:
    with pytest.raises(CommandError, match=why):
        create(monkeypatch, email, password)

    assert not User.objects.exists()


def test_an_address_with_an_account_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.create_user("someone@trust.example", PASSWORD)

    with pytest.raises(CommandError, match="already has an account"):
        create(monkeypatch, "someone@trust.example", PASSWORD)

    assert not User.objects.get().is_operator


def test_the_password_is_asked_for_twice(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([PASSWORD, "another one"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))

    with pytest.raises(CommandError, match="differ"):
        call_command("create_operator", "operator@trust.example")

    assert not User.objects.exists()


def test_without_the_owners_connection_it_says_what_to_set(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(settings.DATABASES, "owner")

    with pytest.raises(CommandError, match="OWNER_DATABASE_URL"):
        create(monkeypatch, "operator@trust.example", PASSWORD)
