"""What somebody does at the sign-in, step by step, without a browser."""

from __future__ import annotations

import re
import time

import requests
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD


def by_password(client: Client, email: str, password: str = PASSWORD, **more: str) -> str:
    """Where the attempt leads; empty when it stays on the page."""
    response = client.post(reverse("account_login"), {"login": email, "password": password, **more})
    return str(response.get("Location", ""))


def code_of(secret: str, *, periods_from_now: int = 0) -> str:
    """What the authenticator app shows."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods_from_now))


def secret_on(page: str) -> str:
    """The key that the page for setting up an app shows in groups."""
    (shown,) = re.findall(r'class="app-copyable">([A-Z2-7 ]+)<', page)
    return str(shown.replace(" ", ""))


def at_provider(client: Client, address: str) -> str:
    """Follow our page to the provider and back: the address that the provider sends us to."""
    going = client.get(address)
    assert going.status_code == 302, going.text
    answer = requests.get(going["Location"], allow_redirects=False, timeout=5)
    back = answer.headers["Location"]
    assert back.startswith(f"{settings.BASE_URL}/account/oidc/works/callback/?")
    return back.removeprefix(settings.BASE_URL)
