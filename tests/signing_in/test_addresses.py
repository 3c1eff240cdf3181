"""Every address under /account/: open to everybody on purpose, or it asks to sign in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import Cast

# What somebody needs who is not signed in.
OPEN = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_email_answer",
    "account_oidc_login",
    "account_oidc_callback",
    "account_oidc_join",
    "mfa_login_webauthn",
    # Only in the middle of a sign-in; otherwise it leads back to its beginning.
    "mfa_authenticate",
    "account_confirm_login_code",
}
GIVEN = {
    "account_confirm_email": {"key": "x"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "x"},
    "account_email_answer": {"token": "x"},
    "account_end_session": {"session_id": 1},
    "account_oidc_join": {"provider_id": "works", "token": "x"},
    "mfa_remove_webauthn": {"pk": 1},
    "mfa_edit_webauthn": {"pk": 1},
} | {f"account_oidc_{each}": {"provider_id": "works"} for each in
     ("login", "link", "unlink", "confirm", "callback")}  # fmt: skip


def names(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every named address under /account/."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from names(entry, here)
        elif here.startswith("account/"):
            assert isinstance(entry, URLPattern)
            assert entry.name, here
            yield entry.name


NAMES = sorted(set(names()))


def test_the_open_ones_exist() -> None:
    assert set(NAMES) >= OPEN | set(GIVEN)
    assert all(name.startswith(("account_", "mfa_")) for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_open_on_purpose_or_asks_to_sign_in(cast: Cast, name: str, method: str) -> None:
    address = reverse(name, kwargs=GIVEN.get(name))

    answer = getattr(Client(), method)(address)

    asks = answer.status_code == 302 and answer["Location"].startswith(
        f"{reverse('account_login')}?next="
    )
    assert asks == (name not in OPEN), (answer.status_code, answer.get("Location"))


@pytest.mark.parametrize("name", sorted(set(NAMES) - OPEN))
def test_every_page_of_ones_own_opens(cast: Cast, name: str) -> None:
    """Nothing of the account fails for somebody who has just come."""
    answer = cast.client("school_editor").get(reverse(name, kwargs=GIVEN.get(name)))

    assert answer.status_code in (200, 302, 404, 405)
