"""Trying too often: refused in plain words, recorded once, and nobody else is kept out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import pytest
from allauth.core.internal.ratelimit import consume
from django.contrib.auth import hashers
from django.db import connections
from django.test import Client, RequestFactory
from django.urls import reverse

from organisations.models import User
from tests.cast import PASSWORD, Cast
from tests.organisations.onlooker import Superuser, on_record
from tests.signing_in.ways import by_password, code_of

ATTEMPTS = 10_000
FROM_ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}


def attempt(client: Client, email: str, **extra: Any) -> int:
    data = {"login": email, "password": "wrong"}
    return client.post(reverse("account_login"), data, **extra).status_code


def test_ten_thousand_attempts(cast: Cast, superuser: Superuser) -> None:
    """Some through the whole service; the bulk asks what decides, in the cache that decides it."""
    client = Client()
    statuses = [attempt(client, f"guess-{n}@school.example") for n in range(200)]
    request = RequestFactory().post(reverse("account_login"))
    let_through = sum(
        consume(request, app="allauth.account", action="login") is not None
        for _ in range(ATTEMPTS - len(statuses))
    )
    statuses += [attempt(client, "guess@school.example") for _ in range(20)]

    assert statuses.count(200) + let_through <= 240, "60 a minute from one address"
    assert statuses[-20:].count(429) >= 19
    record = on_record(superuser)
    assert record.count("refused: too many attempts (login)") == 1
    assert record.count("sign-in failed") == statuses.count(200)
    elsewhere = Client(**FROM_ELSEWHERE)
    assert by_password(elsewhere, cast.users["school_editor"].email) == "/"


def test_the_refusal_is_a_page_in_plain_words(cast: Cast) -> None:
    client = Client()
    for _ in range(5):
        attempt(client, "school-editor@tandem.example")

    answer = client.post(
        reverse("account_login"), {"login": "school-editor@tandem.example", "password": PASSWORD}
    )

    assert answer.status_code == 429
    assert "Wait 5 minutes and try again" in answer.text
    assert answer["Retry-After"] == "300"
    assert "_auth_user_id" not in client.session


def test_an_account_is_guarded_wherever_the_attempts_come_from(cast: Cast) -> None:
    email = cast.users["school_editor"].email
    for n in range(5):
        assert attempt(Client(), email, REMOTE_ADDR=f"198.51.100.{n}") == 200

    assert attempt(Client(), email, REMOTE_ADDR="198.51.100.99") == 429
    assert by_password(Client(), cast.users["health_editor"].email) == "/"


def test_an_address_without_an_account_is_guarded_alike(cast: Cast) -> None:
    known, unknown = "school-editor@tandem.example", "nobody-known@tandem.example"
    answers = {
        email: [attempt(Client(), email, REMOTE_ADDR=f"198.51.100.{n}") for n in range(7)]
        for email in (known, unknown)
    }

    assert answers[known] == answers[unknown] == [200] * 5 + [429] * 2


def test_the_limit_holds_across_processes(cast: Cast) -> None:
    """Each thread has its own connections and objects; only the cache is shared."""

    def several(_: int) -> list[int]:
        try:
            return [attempt(Client(), "school-editor@tandem.example") for _ in range(5)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        statuses = [status for each in pool.map(several, range(4)) for status in each]

    assert statuses.count(200) <= 5
    assert set(statuses) <= {200, 429}


def test_codes_cannot_be_guessed(
    cast: Cast, with_app: Callable[[User], str], superuser: Superuser
) -> None:
    user = cast.users["school_editor"]
    secret = with_app(user)
    client = Client()
    by_password(client, user.email)
    for n in range(5):
        assert client.post(reverse("mfa_authenticate"), {"code": f"{n:06}"}).status_code == 200

    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session
    assert on_record(superuser).count("refused: too many attempts (mfa_authenticate)") == 1


@pytest.mark.parametrize(
    ("name", "data", "allowed"),
    [
        ("account_signup", {"name": "", "email": "x", "password1": ""}, 20),
        ("account_reset_password", {"email": "nobody-known@tandem.example"}, 5),
    ],
)
def test_other_forms_have_limits_too(
    cast: Cast, name: str, data: dict[str, str], allowed: int
) -> None:
    client = Client()
    statuses = [client.post(reverse(name), data).status_code for _ in range(allowed + 1)]

    assert 429 not in statuses[:-1]
    assert statuses[-1] == 429


@pytest.mark.parametrize(("behind_proxy", "allowed"), [(False, 60), (True, 80)])
def test_who_is_counted_is_not_the_visitors_to_say(
    cast: Cast, settings: Any, behind_proxy: bool, allowed: int
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = int(behind_proxy)
    statuses = [
        attempt(
            Client(), f"guess-{n}@school.example", HTTP_X_FORWARDED_FOR=f"10.0.0.1, 203.0.113.{n}"
        )
        for n in range(80)
    ]

    assert statuses.count(200) == allowed


def test_behind_the_proxy_the_record_has_the_visitors_address(
    cast: Cast, settings: Any, superuser: Superuser
) -> None:
    for proxies, seen in ((0, "127.0.0.1"), (1, "203.0.113.9")):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
        attempt(Client(), "x@y.example", HTTP_X_FORWARDED_FOR="10.0.0.1, 203.0.113.9")
        (row,) = superuser.execute(
            "SELECT host(address) FROM organisations_auditevent ORDER BY id DESC LIMIT 1"
        ).fetchall()
        assert row == (seen,)


# The same work, whoever asks


@pytest.fixture
def hashed() -> Iterator[list[str]]:
    """The passwords that have been hashed."""
    seen: list[str] = []
    hasher = hashers.get_hasher()
    encode = type(hasher).encode

    def counted(self: Any, password: str, *more: Any) -> str:
        seen.append(password)
        return str(encode(self, password, *more))

    with patch.object(type(hasher), "encode", counted):
        yield seen


def test_signing_in_hashes_once_for_every_address(cast: Cast, hashed: list[str]) -> None:
    for email in (cast.users["school_editor"].email, "nobody-known@tandem.example"):
        hashed.clear()
        attempt(Client(), email)
        assert len(hashed) == 1, email


def test_signing_up_hashes_once_for_every_address(cast: Cast, hashed: list[str]) -> None:
    for email in (cast.users["school_editor"].email, "new.person@school.example"):
        hashed.clear()
        Client().post(
            reverse("account_signup"),
            {"name": "Someone", "email": email, "password1": "a long enough secret"},
        )
        assert len(hashed) == 1, email
