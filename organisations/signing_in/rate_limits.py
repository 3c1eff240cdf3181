"""What somebody meets who tries too often: a page in plain words, and one event on record.

The counting is allauth's, in the cache that all web processes share; the limits themselves are
in the settings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from organisations import audit
from organisations.actor import Actor

View = TypeVar("View", bound=Callable[..., Any])
WINDOW_SECONDS = 300
TOO_MANY = frozenset({"too_many_login_attempts", "rate_limited"})


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429, put on record once in each window for each address and page, however often it comes."""
    view = request.resolver_match.view_name if request.resolver_match else ""
    address = get_adapter().get_client_ip(request)
    if cache.add(f"too-many:{view}:{address}", 1, WINDOW_SECONDS):
        actor: Actor | None = getattr(request, "actor", None)
        audit.refused(f"too many attempts ({view.removeprefix('account_')})", by=actor)
    response = render(request, "errors/429.jinja", status=429, using="jinja2")
    response["Retry-After"] = str(WINDOW_SECONDS)
    return response


def limited(action: str, *, when_read: bool = False) -> Callable[[View], View]:
    """A view with the limits that the settings have for `action`; also reading it, if said."""
    decorate: Callable[[View], View] = ratelimit.decorator(
        app="allauth.account", action=action, limit_get=when_read
    )
    return decorate


class PlainlyLimited:
    """Mix in before a view whose form refuses too many attempts: the answer is the page, 429."""

    request: HttpRequest

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page for too many attempts; for any other fault the form again."""
        problems = form.errors.as_data().values()
        if any(problem.code in TOO_MANY for each in problems for problem in each):
            return too_many(self.request)
        return super().form_invalid(form)  # type: ignore[misc, no-any-return]
