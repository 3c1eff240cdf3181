"""Asking again before a change that matters: how long an answer lasts, and how one answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from organisations.models import LinkedSignIn, User
from organisations.signing_in.on_record import as_person

View = TypeVar("View", bound=Callable[..., Any])
WORDS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code from your app, or a recovery code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}


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
