"""Which passwords may be chosen."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from organisations.signing_in.common_passwords import LIST, WIDTH, is_common, pack
from tests.organisations.onlooker import Superuser, count


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "Password1234",
        "p@ssw0rd2026!",
        "123456789012",
        "qwertyuiop12",
        "Liverpool2026!!",
        "passwordpassword",
        "1qaz2wsx3edc",
        "!!sunshine!!99",
        "123qweasdzxc",
    ],
)
def test_what_anybody_guessing_would_try_is_refused(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "a-password-for-tests-only",
        "tandem-demo-only",
        "purple otter kettle",
        "Xk7#mPq2vLw9",
        "another long password",
        "a long enough secret",
    ],
)
def test_a_good_password_is_taken(password: str) -> None:
    assert not is_common(password)


def test_the_list_is_sorted_and_holds_no_password() -> None:
    packed = LIST.read_bytes()
    entries = [packed[start : start + WIDTH] for start in range(0, len(packed), WIDTH)]

    assert len(entries) > 90_000
    assert entries == sorted(set(entries))
    assert b"password" not in packed
    assert pack({"Password"}) == pack({"password"})


def test_the_message_says_what_to_do(db: None, superuser: Superuser) -> None:
    answer = Client().post(
        reverse("account_signup"),
        {"name": "Someone", "email": "s@school.example", "password1": "Liverpool2026!!"},
    )

    assert "known from data breaches" in answer.text
    assert "three random words" in answer.text
    assert count(superuser, "organisations_user") == 0


def test_twelve_characters_are_needed() -> None:
    with pytest.raises(ValidationError):
        validate_password("Xk7#mPq2vLw")
    validate_password("Xk7#mPq2vLw9")
