"""What every page knows: who is looking, for whom they act, the menu, waiting messages.

Everything comes from the request and the registry of places; nothing here runs a query.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.shortcuts import resolve_url

from frontend import navigation

# The name is the service owner's to change; the logo of no other body belongs beside it.
SERVICE_NAME = "Tandem"


def page_context(request: HttpRequest) -> dict[str, Any]:
    """One variable, `site`: a context processor overrides what a view passes, so no more."""
    return {"site": Site(request)}


class Site:
    """The page's surroundings, each worked out only when the template asks."""

    service_name = SERVICE_NAME

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        actor = getattr(request, "actor", None)
        self.user = request.user if actor is not None else None
        self.organisation = getattr(actor, "organisation", None)
        self.support = getattr(actor, "support", None)

    @property
    def demo(self) -> bool:
        return bool(getattr(settings, "DEMO", False))

    @property
    def menu(self) -> list[dict[str, Any]]:
        return navigation.header_items(self._request) if self.user else []

    @property
    def footer(self) -> list[dict[str, Any]]:
        return navigation.footer_items(self._request)

    @property
    def sign_in_href(self) -> str:
        """Back to the page that is read, from any but the first and those of accounts.

        Empty where nobody knows yet who is looking: an address that leads nowhere is
        answered before the actor is known, and finding out would cost queries."""
        request = self._request
        found = request.resolver_match
        if found is None and settings.SESSION_COOKIE_NAME in request.COOKIES:
            return ""
        to = resolve_url(settings.LOGIN_URL)
        if (
            found is None
            or request.method != "GET"
            or found.route.startswith(("account/", "demo/"))
        ):
            return to
        here = request.get_full_path()
        return to if here == "/" else f"{to}?{urlencode({REDIRECT_FIELD_NAME: here})}"

    @property
    def switcher_href(self) -> str:
        return navigation.named_href("switcher")

    @property
    def search_href(self) -> str | None:
        return navigation.search_href(self._request) if self.user else None

    @property
    def account_href(self) -> str:
        return navigation.named_href("account")

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Waiting messages; reading them takes them off the list."""
        return [
            {"text": message.message, "level": message.level_tag}
            for message in get_messages(self._request)
        ]
