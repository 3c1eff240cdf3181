"""How people sign in: who may, where they are led, what is mailed, and what goes on record.

Here: the authentication backend and the adapter through which allauth asks us. Not here:
the forms' look (`templates/django/account/`), or what a signed-in person may do
(`organisations.permissions`): an account alone admits to nothing.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from organisations import audit
from organisations.demo_accounts import DEMO_PASSWORD, may_sign_in
from organisations.models import User
from organisations.outbox import send_account_mail
from organisations.signing_in import freshness, session_limits
from organisations.signing_in.client_address import client_address
from organisations.signing_in.on_record import as_person, put_on_record
from organisations.tenancy.scope import NOBODY, acting

NEXT_AFTER_SIGN_UP = "next_after_sign_up"


class PasswordBackend(AuthenticationBackend):  # type: ignore[misc]
    """E-mail address and password; demo accounts and their password in the demo only."""

    def _check_password(self, user: Any, password: str) -> Any:
        # Refused before allauth looks: it would keep a refused account whose password is
        # right, and lead it on to the next stage of the sign-in.
        if user is None or not may_sign_in(user):
            return None
        if password == DEMO_PASSWORD and not user.is_demo:
            return None
        return super()._check_password(user, password)

    def user_can_authenticate(self, user: Any) -> bool:
        """Also asked at every request: a demo account's session ends with the demo."""
        return super().user_can_authenticate(user) and may_sign_in(user)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks of this service."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The email address or the password is not right. "
        "Check both and try again.",
        "too_many_login_attempts": "Too many attempts to sign in. Wait 5 minutes and try again.",
        "incorrect_password": "The password is not right",
        "enter_current_password": "Enter your current password",
        "rate_limited": "Too many requests. Wait a few minutes and try again.",
    }

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this service are led to after signing in or out."""
        request = allauth_context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whom limits count, and what the list of sessions shows."""
        return client_address(request) or "0.0.0.0"  # noqa: S104 (nobody's address)

    # The second step, and asking again before a change that matters.

    def get_login_stages(self) -> list[str]:
        """allauth's stages, with our own for the second step."""
        ours = "organisations.signing_in.second_step.SecondStepStage"
        theirs = "allauth.mfa.stages.AuthenticateStage"
        return [ours if each == theirs else each for each in super().get_login_stages()]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether to ask again: unless somebody has just signed in or been asked."""
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return required and not freshness.is_fresh(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways in which somebody can confirm that it is them."""
        theirs = super().get_reauthentication_methods(user)
        return freshness.ways_to_confirm(theirs, user)

    # E-mail: everything through the outbox, with addresses that no Host header can bend.

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render an e-mail of allauth's and leave it to the outbox."""
        message = self.render_mail(
            template_prefix, email, {"email": email, "request": self.request, **context}
        )
        send_account_mail(message)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The link that confirms an address."""
        return _ours(super().get_email_confirmation_url(request, emailconfirmation), request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link that sets a new password."""
        return _ours(super().get_reset_password_from_key_url(key), self.request)

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """After confirming: to sign-in, and from there to where the person was going."""
        if self.request.user.is_authenticated:
            return resolve_url(settings.LOGIN_REDIRECT_URL)
        sign_in = resolve_url(settings.LOGIN_URL)
        going_to = self.request.session.pop(NEXT_AFTER_SIGN_UP, None)
        return f"{sign_in}?{urlencode({REDIRECT_FIELD_NAME: going_to})}" if going_to else sign_in

    # On record: what happens to accounts, named by id; failed attempts name nobody.

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Whatever somebody signs in by: who is switched off, or of the demo only, stays out."""
        if not may_sign_in(user):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in, on record."""
        super().login(request, user)
        session_limits.begin(request, user)
        put_on_record("signed in", user)

    def logout(self, request: HttpRequest) -> None:
        """Sign out, on record."""
        if isinstance(request.user, User):
            put_on_record("signed out", request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong address or password: recorded without either."""
        with acting(NOBODY), transaction.atomic():
            audit.record("sign-in failed", by=None)

    def save_user(
        self, request: HttpRequest, user: Any, form: BaseForm, commit: bool = True
    ) -> Any:
        """Create an account, on record, remembering where the person was going."""
        user.name = form.cleaned_data["name"]
        saved = super().save_user(request, user, form, commit)
        going_to = request.POST.get(REDIRECT_FIELD_NAME)
        if going_to and self.is_safe_url(going_to):
            request.session[NEXT_AFTER_SIGN_UP] = going_to
        put_on_record("account created", saved)
        return saved

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address, on record."""
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed:
            put_on_record("email address confirmed", email_address.user, about=email_address)
        return confirmed

    def set_password(self, user: Any, password: str) -> None:
        """Change, set or reset a password, on record."""
        user.set_password(password)
        # The link proves whose it is, whoever is signed in on that browser.
        with as_person(user.pk):
            user.save(update_fields=["password"])
        put_on_record("password changed", user)


def _ours(address: str, request: HttpRequest) -> str:
    """The same page at the address this service is known by."""
    return address.replace(request.build_absolute_uri("/"), f"{settings.BASE_URL}/", 1)
