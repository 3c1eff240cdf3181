"""Whose address a request came from: the proxy's word counts only where there is our proxy."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of whoever asks; None where it is no address.

    `X-Forwarded-For` is written by anybody. Behind our own proxy its last entry is what the
    proxy has seen; without one it is not read at all.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        seen = forwarded[-settings.ALLAUTH_TRUSTED_PROXY_COUNT :][0].strip() or seen
    try:
        return str(ipaddress.ip_address(seen))
    except ValueError:
        return None
