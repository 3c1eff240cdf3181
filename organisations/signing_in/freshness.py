"""Asking again before a change that matters: how long an answer lasts, and how one answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from organisations import drafts
from organisations.models import LinkedSignIn, User
from organisations.signing_in.on_record import as_person

View = TypeVar("View", bound=Callable[..., Any])
WORDS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code from your app, or a recovery code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}

ASKED_FIRST = "This was not saved yet, because we asked first whether it is you"


def freshly_confirmed(view: View) -> View:
    """A view that asks again who it is, unless that has just been answered."""
    return cast(View, reauthentication_required(app="allauth.account")(view))


def is_fresh(request: HttpRequest) -> bool:
    """Whether somebody has signed in, or confirmed that it is them, in the last 5 minutes.

    Raises ReauthenticationRequired for who signs in by a provider alone: allauth, which knows
    of passwords and second factors, would never ask them.
    """
    user = request.user
    if not isinstance(user, User):
        return False
    records = get_authentication_records(request, user)
    if any(
        time.time() - record["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT for record in records
    ):
        return True
    if not get_reauthentication_flows(user):
        raise ReauthenticationRequired
    return False


class ConfirmFirst(Exception):
    """Somebody has to confirm that it is them before what they asked for is done."""


def require(request: HttpRequest) -> None:
    """Raise ConfirmFirst unless somebody has signed in or confirmed lately.

    For a view that decides who can get at what, after it has asked whether they may: a stranger
    is told nothing, and is asked nothing.
    """
    user = request.user
    records = get_authentication_records(request, user) if isinstance(user, User) else []
    oldest = time.time() - settings.CONFIRM_AGAIN_SECONDS
    if not any(record["at"] > oldest for record in records):
        raise ConfirmFirst


class ConfirmFirstMiddleware:
    """Leads to a page that asks who it is, and back; what was typed is kept on the way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """To the first of the ways in which this person can confirm."""
        if not isinstance(exception, ConfirmFirst):
            return None
        kept = request.method == "POST"
        going_to = drafts.keep(request, why=ASKED_FIRST) if kept else request.get_full_path()
        ways = get_adapter().get_reauthentication_methods(request.user)
        to = ways[0]["url"] if ways else reverse("account_login")
        return redirect(f"{to}?{urlencode({'next': going_to})}")


def ways_to_confirm(theirs: list[dict[str, Any]], user: Any) -> list[dict[str, Any]]:
    """allauth's ways in our words, and the providers that the person has linked."""
    ways = [way | {"description": WORDS[way["id"]]} for way in theirs]
    if not isinstance(user, User):
        return ways
    with as_person(user.pk):
        mine = LinkedSignIn.objects.filter(user_id=user.pk)
        linked = list(mine.values_list("provider", flat=True))
    known = [settings.OIDC_PROVIDERS[each] for each in linked if each in settings.OIDC_PROVIDERS]
    return ways + [
        {
            "id": f"oidc:{provider.id}",
            "description": f"Sign in again with {provider.name}",
            "url": reverse("account_oidc_confirm", args=[provider.id]),
        }
        for provider in known
    ]
