"""allauth's forms that choose a password, with one plain hint instead of the rules' own list."""

from __future__ import annotations

from typing import Any

from allauth.account import forms

HINT = "At least 12 characters. Three random words make a good password."


class _PlainHint:
    """Mix in before a form with the field `password1`."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = HINT


class SignUp(_PlainHint, forms.SignupForm):  # type: ignore[misc]
    """Create an account; the name comes from `organisations.sign_up.SignUpForm`."""


class ChangePassword(_PlainHint, forms.ChangePasswordForm):  # type: ignore[misc]
    """Choose another password, signed in."""


class SetPassword(_PlainHint, forms.SetPasswordForm):  # type: ignore[misc]
    """Choose a first password, signed in."""


class ResetPassword(_PlainHint, forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """Choose another password, by the link in an e-mail."""
