"""Going to a provider and coming back: to sign in, to link, or to confirm that it is you.

One goes there by a link, never by a form: what a form may lead to is this site alone
(`form-action 'self'`), and providers lead on to hosts that nobody can list.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.http import require_GET, require_POST, require_safe

from organisations import audit
from organisations.actor import ActingRequest
from organisations.demo_accounts import may_sign_in
from organisations.models import LinkedSignIn, User
from organisations.signing_in import (
    by_invitation,
    freshness,
    oidc_client,
    oidc_links,
    second_step,
)
from organisations.signing_in.freshness import freshly_confirmed
from organisations.signing_in.oidc_client import Asked, Identity, ProviderRefused
from organisations.signing_in.on_record import put_on_record
from organisations.signing_in.provider_settings import OidcProvider
from organisations.signing_in.rate_limits import limited

ON_THE_WAY = "oidc"
JOIN = "join"
# What somebody goes there for who is not signed in.
SIGNED_OUT = ("sign in", JOIN)
MOST_AT_ONCE = 5
WAY_LASTS_SECONDS = 600


@login_not_required
@require_GET
@limited("oidc", when_read=True)
def sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider, to sign in."""
    return _go(request, _provider(provider_id), "sign in")


@login_not_required
@require_GET
@limited("oidc", when_read=True)
def join(request: HttpRequest, provider_id: str, token: str) -> HttpResponse:
    """To the provider, to open an account through an invitation, or to sign in to accept it."""
    invitation = reverse("person-invitation", args=[token])
    if request.user.is_authenticated:
        return redirect(invitation)
    return _go(request, _provider(provider_id), JOIN, next_url=invitation)


@require_GET
@limited("oidc", when_read=True)
@freshly_confirmed
def link(request: ActingRequest, provider_id: str) -> HttpResponse:
    """To the provider, to link the account there. The link to this page carries a key of the
    session, so that no other site can start it."""
    if not constant_time_compare(request.GET.get("key", ""), link_key(request)):
        return redirect("account_connections")
    return _go(request, _provider(provider_id), "link")


@require_GET
@limited("oidc", when_read=True)
def confirm(request: ActingRequest, provider_id: str) -> HttpResponse:
    """To the provider, to sign in again before a change that matters."""
    return _go(request, _provider(provider_id), "confirm", prompt="login")


@login_not_required
@require_GET
@limited("oidc", when_read=True)
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider."""
    provider = _provider(provider_id)
    try:
        purpose, next_url, asked = _arrived(request, provider)
        identity = oidc_client.identify(
            provider, request.GET.get("code", ""), asked, _callback_address(provider)
        )
    except ProviderRefused as refusal:
        return _refused(request, provider, str(refusal))
    if purpose == "link":
        return _link(request, provider, identity)
    if purpose == "confirm":
        return _confirmed(request, provider, identity, next_url)
    if purpose == JOIN and oidc_links.person_of(identity) is None:
        try:
            token = resolve(next_url).kwargs["token"]
            by_invitation.open_account(provider=provider, identity=identity, token=token)
        except ProviderRefused as refusal:
            return _refused(request, provider, str(refusal), invitation=next_url)
    return _sign_in(request, provider, identity, next_url)


@require_safe
def connections(request: ActingRequest) -> HttpResponse:
    """Which providers sign somebody in, and which could."""
    mine = LinkedSignIn.objects.filter(user_id=request.actor.user_id)
    linked = {each.provider: each for each in mine}
    return render(
        request,
        "account/connections.jinja",
        {
            "providers": [(each, linked.pop(each.id, None)) for each in _providers().values()],
            "left_over": list(linked.values()),
            "key": link_key(request),
        },
    )


@require_POST
@freshly_confirmed
def unlink(request: ActingRequest, provider_id: str) -> HttpResponse:
    """Stop an account at a provider from signing in."""
    assert isinstance(request.user, User)
    try:
        oidc_links.unlink(by=request.actor, user=request.user, provider_id=provider_id)
        messages.success(request, "It no longer signs you in")
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("account_connections")


def link_key(request: HttpRequest) -> str:
    """A key that only this session knows."""
    bound_to = f"{request.session.session_key}:{request.user.pk}"
    return salted_hmac("tandem.oidc-link", bound_to, algorithm="sha256").hexdigest()


def _providers() -> dict[str, OidcProvider]:
    providers: dict[str, OidcProvider] = settings.OIDC_PROVIDERS
    return providers


def _provider(provider_id: str) -> OidcProvider:
    try:
        return _providers()[provider_id]
    except KeyError:
        raise Http404("no such provider") from None


def _callback_address(provider: OidcProvider) -> str:
    return f"{settings.BASE_URL}{reverse('account_oidc_callback', args=[provider.id])}"


def _go(
    request: HttpRequest, provider: OidcProvider, purpose: str, *, next_url: str = "", **more: str
) -> HttpResponse:
    try:
        address, asked = oidc_client.ask(provider, _callback_address(provider), **more)
    except ProviderRefused as refusal:
        return _refused(request, provider, str(refusal))
    next_url = next_url or request.GET.get("next", "")
    kept: dict[str, Any] = request.session.get(ON_THE_WAY, {})
    kept[asked.state] = {
        **asdict(asked),
        "provider": provider.id,
        "purpose": purpose,
        "next": next_url if get_adapter().is_safe_url(next_url) else "",
        "user": request.user.pk,
        "at": time.time(),
    }
    newest = sorted(kept, key=lambda state: kept[state]["at"])[-MOST_AT_ONCE:]
    request.session[ON_THE_WAY] = {state: kept[state] for state in newest}
    return redirect(address)


def _arrived(request: HttpRequest, provider: OidcProvider) -> tuple[str, str, Asked]:
    """What this session had asked of the provider, once. Raises ProviderRefused otherwise."""
    kept: dict[str, Any] = request.session.get(ON_THE_WAY, {})
    way = kept.pop(request.GET.get("state", ""), None)
    if way is None or way["provider"] != provider.id:
        raise ProviderRefused("state")
    request.session[ON_THE_WAY] = kept
    if time.time() - way["at"] > WAY_LASTS_SECONDS:
        raise ProviderRefused("too late")
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise ProviderRefused("issuer")
    if way["purpose"] not in SIGNED_OUT and way["user"] != request.user.pk:
        raise ProviderRefused("another person is signed in")
    if request.GET.get("error") or not request.GET.get("code"):
        raise ProviderRefused("cancelled")
    return way["purpose"], way["next"], Asked(way["state"], way["nonce"], way["verifier"])


def _sign_in(
    request: HttpRequest, provider: OidcProvider, identity: Identity, next_url: str
) -> HttpResponse:
    user = oidc_links.person_of(identity)
    if user is None or not user.is_active or not may_sign_in(user):
        return _refused(request, provider, "not linked")
    oidc_links.used(identity, user)
    said: dict[str, Any] = {second_step.SUFFICES: True} if provider.mfa_suffices else {}
    record_authentication(request, user, "oidc", provider=provider.id, **said)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=next_url or None))
    return response


def _link(request: HttpRequest, provider: OidcProvider, identity: Identity) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    if not freshness.is_fresh(request):
        return _refused(request, provider, "too late")
    try:
        oidc_links.link(
            by=request.actor,  # type: ignore[attr-defined]
            user=user,
            provider=provider,
            identity=identity,
        )
        messages.success(request, f"You can now sign in with {provider.name}")
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("account_connections")


def _confirmed(
    request: HttpRequest, provider: OidcProvider, identity: Identity, next_url: str
) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    if oidc_links.person_of(identity) != user:
        return _refused(request, provider, "another account there")
    record_authentication(request, user, "oidc", provider=provider.id, reauthenticated=True)
    put_on_record("confirmed by a provider", user)
    return redirect(next_url or "account_home")


def _refused(
    request: HttpRequest, provider: OidcProvider, reason: str, *, invitation: str = ""
) -> HttpResponse:
    """A page that says what to do next. The reason goes on record; nobody is named by it."""
    audit.refused(f"provider {provider.id}: {reason}", by=getattr(request, "actor", None))
    return render(
        request,
        "account/oidc_refused.jinja",
        {
            "provider": provider,
            "reason": reason,
            "signed_in": request.user.is_authenticated,
            "invitation": invitation,
        },
        status=403,
    )
