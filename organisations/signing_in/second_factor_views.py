"""Pages of the second step: allauth's views with our pages, each change on record.

The audit event is written in the view's own transaction, so that a factor is never added or
removed without it; allauth's signals come after the transaction and could not promise that.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organisations.actor import ActingRequest
from organisations.demo_accounts import is_shared
from organisations.models import User
from organisations.signing_in import second_step
from organisations.signing_in.on_record import as_person, put_on_record
from organisations.signing_in.rate_limits import PlainlyLimited
from organisations.signing_in.second_factor_forms import put_use_on_record

SHARED = (
    "This demo account is used by many people, so nobody can protect it with a second step. "
    "Create an account of your own to try it."
)


@require_safe
def index(request: ActingRequest) -> HttpResponse:
    """What somebody has set up, and what to do next."""
    user = request.user
    assert isinstance(user, User)
    factors = list(Authenticator.objects.filter(user_id=user.pk).order_by("created_at", "pk"))
    by_kind = {each.type: each for each in factors}
    codes = by_kind.get(Authenticator.Type.RECOVERY_CODES)
    return render(
        request,
        "account/second_step.jinja",
        {
            "app": by_kind.get(Authenticator.Type.TOTP),
            "passkeys": [each for each in factors if each.type == Authenticator.Type.WEBAUTHN],
            "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
            "on_the_way": request.session.get(second_step.THEN),
            "is_done": second_step.is_done(request, user),
            "is_shared": is_shared(user),
        },
    )


class _NotShared:
    """Mix in before a view that would shut others out of a demo account."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, User) and is_shared(request.user):
            messages.info(request, SHARED)
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]


class _AfterFirst:
    """Mix in before a view that adds a factor: to the recovery codes if they are new."""

    did_generate_recovery_codes: bool

    def get_success_url(self) -> str:
        return reverse(
            "mfa_view_recovery_codes" if self.did_generate_recovery_codes else "mfa_index"
        )


class SetUpApp(PlainlyLimited, _NotShared, _AfterFirst, totp.ActivateTOTPView):  # type: ignore[misc]
    """Scan the picture, enter the first code."""

    template_name = "account/set_up_app.jinja"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return context | {"key_in_groups": " ".join(groups)}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _added(self.request, "authenticator app added", Authenticator.Type.TOTP)
        return response


class RemoveApp(_NotShared, totp.DeactivateTOTPView):  # type: ignore[misc]
    """Stop using the app."""

    template_name = "account/remove_app.jinja"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _removed(self.request, "authenticator app removed")
        return response


class AddPasskey(PlainlyLimited, _NotShared, _AfterFirst, webauthn.AddWebAuthnView):  # type: ignore[misc]
    """Make a passkey with this browser, telephone or security key."""

    template_name = "account/add_passkey.jinja"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # allauth's own asks the browser for a key that needs the password too.
        context: dict[str, Any] = super(webauthn.AddWebAuthnView, self).get_context_data(**kwargs)
        return context | {"options": auth.begin_registration(self.request.user, True)}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _added(self.request, "passkey added", Authenticator.Type.WEBAUTHN)
        return response


class RemovePasskey(_NotShared, webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    """Stop using a passkey."""

    template_name = "account/remove_passkey.jinja"
    success_url = "/account/2fa/"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _removed(self.request, "passkey removed")
        return response


class NamePasskey(_NotShared, webauthn.EditWebAuthnView):  # type: ignore[misc]
    """Call a passkey something else."""

    template_name = "account/name_passkey.jinja"
    success_url = "/account/2fa/"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        put_on_record("passkey renamed", self.request.user, about=form.instance)
        return response


class NewRecoveryCodes(_NotShared, recovery.GenerateRecoveryCodesView):  # type: ignore[misc]
    """Replace all recovery codes."""

    template_name = "account/new_recovery_codes.jinja"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        put_on_record("recovery codes replaced", self.request.user)
        return response


class RecoveryCodes(recovery.ViewRecoveryCodesView):  # type: ignore[misc]
    """The recovery codes, to print or to download, and where to go on."""

    template_name = "account/recovery_codes.jinja"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        put_on_record("recovery codes shown", self.request.user)
        return context | {"then": self.request.session.pop(second_step.THEN, None)}


class DownloadRecoveryCodes(recovery.DownloadRecoveryCodesView):  # type: ignore[misc]
    """The recovery codes as a text file."""

    template_name = "account/recovery_codes_download.txt"

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().render_to_response(context, **kwargs)
        put_on_record("recovery codes downloaded", self.request.user)
        response["Content-Disposition"] = 'attachment; filename="tandem-recovery-codes.txt"'
        return response


class Authenticate(PlainlyLimited, base.AuthenticateView):  # type: ignore[misc]
    """The second step of a sign-in, in the scope of whose it is."""

    template_name = "account/authenticate.jinja"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with as_person(self.stage.login.user.pk):
            response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        with as_person(self.stage.login.user.pk):
            response: HttpResponse = super().form_invalid(form)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user, kinds = self.stage.login.user, Authenticator.Type
        return context | {
            "options": context["js_data"]["request_options"],
            "has_passkey": base.is_mfa_enabled(user, [kinds.WEBAUTHN]),
            "has_code": base.is_mfa_enabled(user, [kinds.TOTP, kinds.RECOVERY_CODES]),
        }


class ConfirmByCode(PlainlyLimited, base.ReauthenticateView):  # type: ignore[misc]
    """A code before a change that matters."""

    template_name = "account/confirm_by_code.jinja"


class SignInByPasskey(PlainlyLimited, webauthn.LoginWebAuthnView):  # type: ignore[misc]
    """A passkey instead of address and password."""

    def form_valid(self, form: Any) -> HttpResponse:
        authenticator: Authenticator = form.cleaned_data["credential"]
        with as_person(authenticator.user_id):
            put_use_on_record(authenticator)
            response: HttpResponse = super().form_valid(form)
        return response


class ConfirmByPasskey(PlainlyLimited, webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """A passkey before a change that matters."""

    template_name = "account/confirm_by_passkey.jinja"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # allauth's own drops what its base class adds: other ways, and where to go next.
        context: dict[str, Any] = super(webauthn.ReauthenticateWebAuthnView, self).get_context_data(
            **kwargs
        )
        return context | {"options": auth.begin_authentication(self.request.user)}

    def form_valid(self, form: Any) -> HttpResponse:
        put_use_on_record(form.cleaned_data["credential"])
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super(webauthn.ReauthenticateWebAuthnView, self).form_invalid(form)
        return response


@require_safe
def passkeys(request: HttpRequest) -> HttpResponse:
    """Passkeys are listed with everything else."""
    return redirect("mfa_index")


def _added(request: HttpRequest, action: str, kind: Authenticator.Type) -> None:
    user = request.user
    assert isinstance(user, User)
    newest = Authenticator.objects.filter(user_id=user.pk, type=kind).latest("pk")
    put_on_record(action, user, about=newest)
    second_step.set_up(request, user, kind.value)


def _removed(request: HttpRequest, action: str) -> None:
    user = request.user
    assert isinstance(user, User)
    put_on_record(action, user)
    if not Authenticator.objects.filter(user_id=user.pk).exists():
        second_step.forget(request)
