"""Pages about one's own account: what there is, the name, sessions; and the way in."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from organisations import audit
from organisations.actor import ActingRequest
from organisations.demo_accounts import DEMO_PASSWORD, is_shared
from organisations.forms import RecordForm, data_for
from organisations.models import LinkedSignIn, User
from organisations.outbox.preferences.presenters import in_words
from organisations.outbox.preferences.selectors import wishes_of
from organisations.signing_in import email_change, sessions
from organisations.signing_in.rate_limits import PlainlyLimited


class SignIn(PlainlyLimited, account.LoginView):  # type: ignore[misc]
    """Address and password, a passkey, or a provider."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"providers": list(settings.OIDC_PROVIDERS.values())}


class ConfirmByPassword(PlainlyLimited, account.ReauthenticateView):  # type: ignore[misc]
    """The password before a change that matters; of a shared demo account it is shown."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        shared = is_shared(_person(self.request))
        return context | {"demo_password": DEMO_PASSWORD if shared else ""}


class ResetPassword(PlainlyLimited, account.PasswordResetView):  # type: ignore[misc]
    """Ask for a link to choose a new password."""


@require_safe
def home(request: ActingRequest) -> HttpResponse:
    """Everything about one's own account, and where to change it."""
    user = _person(request)
    kinds = list(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    return render(
        request,
        "account/home.jinja",
        {
            "person": user,
            "has_password": user.has_usable_password(),
            "has_app": Authenticator.Type.TOTP in kinds,
            "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
            "pending": email_change.pending_for(user),
            "linked": LinkedSignIn.objects.filter(user_id=user.pk).count(),
            "has_providers": bool(settings.OIDC_PROVIDERS),
            "emails": in_words(wishes_of()),
            "sessions": len(sessions.list_for(user, request.session.session_key)),
        },
    )


class NameForm(RecordForm):
    """The name that colleagues and partners see."""

    name = forms.CharField(
        label="Full name",
        help_text="The people you work with see it beside what you record.",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your full name"},
    )


def name(request: ActingRequest) -> HttpResponse:
    """Change one's own name."""
    user = _person(request)
    if is_shared(user):
        messages.info(request, "This demo account is used by many people and keeps its name.")
        return redirect("account_home")
    form = NameForm(data_for(request), actor=request.actor, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            user.name = form.cleaned_data["name"]
            user.save(update_fields=["name"])
            audit.record("name changed", by=request.actor, obj=user)
        messages.success(request, "Your name is changed")
        return redirect("account_home")
    return render(request, "account/name.jinja", {"form": form})


@require_safe
def session_list(request: ActingRequest) -> HttpResponse:
    """Where one is signed in."""
    seen = sessions.list_for(_person(request), request.session.session_key)
    return render(
        request,
        "account/sessions.jinja",
        {
            "sessions": seen,
            "others": [each for each in seen if not each.is_this],
            "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
            "hours": settings.SESSION_COOKIE_AGE // 3600,
        },
    )


@require_POST
def end_session(request: ActingRequest, session_id: int) -> HttpResponse:
    """End one session; this one's own end is a sign-out."""
    mine = sessions.list_for(_person(request), request.session.session_key)
    if any(each.is_this and each.id == session_id for each in mine):
        return redirect("account_logout")
    if sessions.end(by=request.actor, session_id=session_id):
        messages.success(request, "That session is ended")
    return redirect("account_sessions")


@require_POST
def end_other_sessions(request: ActingRequest) -> HttpResponse:
    """End every session but this one."""
    ended = sessions.end_others(by=request.actor, session_key=request.session.session_key)
    if ended:
        messages.success(request, "You are signed out everywhere else")
    return redirect("account_sessions")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
