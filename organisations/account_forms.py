"""allauth's forms that choose a password, with one plain hint instead of the rules' own list."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from organisations.address_check import ask_for_plain_email

HINT = "At least 12 characters. Three random words make a good password."


class _PlainHint:
    """Mix in before a form with the field `password1`."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = HINT


class SignUp(_PlainHint, forms.SignupForm):  # type: ignore[misc]
    """Create an account; the name comes from `organisations.sign_up.SignUpForm`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_plain_email(self.fields["email"])

    def try_save(self, request: HttpRequest) -> Any:
        """Save, unless the address has an account, or gets one at this very moment.

        Both answers take the same time: the password is hashed for an account that is there too.
        """
        if getattr(self, "account_already_exists", False):
            make_password(self.cleaned_data["password1"])
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class ChangePassword(_PlainHint, forms.ChangePasswordForm):  # type: ignore[misc]
    """Choose another password, signed in."""


class SetPassword(_PlainHint, forms.SetPasswordForm):  # type: ignore[misc]
    """Choose a first password, signed in."""


class ResetPassword(_PlainHint, forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """Choose another password, by the link in an e-mail."""
