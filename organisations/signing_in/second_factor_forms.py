"""allauth's forms for second factors: our words, in the scope of whose factors they check."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.core.exceptions import ValidationError

from organisations.guarded_forms import GuardedForm
from organisations.signing_in.on_record import as_person, put_on_record

ENTER_CODE = "Enter the code"


def _code(label: str, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
        error_messages={"required": ENTER_CODE},
    )


class SetUpApp(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app, which shows that it was set up well."""

    code = _code("Code from the app", "6 digits. A new one comes every 30 seconds.")


class _ChecksCode:
    """Mix in before a form that checks a code: as its person, and a wrong one on record."""

    user: Any

    def clean_code(self) -> str:
        try:
            with as_person(self.user.pk):
                return str(super().clean_code())  # type: ignore[misc]
        except ValidationError as refusal:
            if refusal.code == "incorrect_code":
                put_on_record("second step failed", self.user)
            raise

    def save(self) -> None:
        authenticator: Authenticator = self.authenticator  # type: ignore[attr-defined]
        with as_person(self.user.pk):
            super().save()  # type: ignore[misc]
        put_use_on_record(authenticator)


class Code(_ChecksCode, AuthenticateForm):  # type: ignore[misc]
    """A code after the password: of the app, or one of the recovery codes."""

    code = _code("Code", "6 digits from your app, or one of your recovery codes.")


class CodeAgain(_ChecksCode, ReauthenticateForm):  # type: ignore[misc]
    """A code before a change that matters."""

    code = _code("Code", "6 digits from your app, or one of your recovery codes.")


class AddPasskey(GuardedForm, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey, and what the person calls it. It always works without the password."""

    guard_exempt = frozenset({"credential"})  # digits of a key, made by the browser

    name = forms.CharField(
        label="Name of this passkey",
        help_text="So that you know it again. For example, “Work laptop” or “My phone”.",
        required=False,
        max_length=60,
    )
    passwordless = None
    field_order = ["name", "credential"]

    def clean(self) -> dict[str, Any]:
        """A passkey asks for a fingerprint, a face or a PIN; one that did not is refused."""
        credential = self.cleaned_data.get("credential")
        if not credential:
            return dict(self.cleaned_data)
        auth.parse_registration_response(credential)
        if not auth.complete_registration(credential).is_user_verified():
            raise get_adapter().validation_error("incorrect_code")
        return dict(self.cleaned_data)


class NamePasskey(GuardedForm, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    name = forms.CharField(
        label="Name of this passkey",
        max_length=60,
        error_messages={"required": "Enter a name for this passkey"},
    )


class _ChecksPasskey:
    """Mix in before a form that checks a passkey: as its person, and a wrong one on record."""

    user: Any

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]  # type: ignore[attr-defined]
        auth.parse_authentication_response(credential)
        user = self.user or auth.extract_user_from_response(credential)
        try:
            with as_person(user.pk):
                return super().clean_credential()  # type: ignore[misc]
        except ValidationError:
            put_on_record("passkey failed", user)
            raise

    def save(self) -> None:
        authenticator: Authenticator = self.cleaned_data["credential"]  # type: ignore[attr-defined]
        with as_person(authenticator.user_id):
            super().save()  # type: ignore[misc]
        put_use_on_record(authenticator)


class PasskeyAfterPassword(_ChecksPasskey, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step."""


class PasskeyAlone(_ChecksPasskey, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of address and password."""


class PasskeyAgain(_ChecksPasskey, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey before a change that matters."""


USED = {
    Authenticator.Type.TOTP: "second step by app",
    Authenticator.Type.RECOVERY_CODES: "recovery code used",
    Authenticator.Type.WEBAUTHN: "passkey used",
}


def put_use_on_record(authenticator: Authenticator) -> None:
    """A factor has just let its person in, or confirmed that it is them."""
    kind = Authenticator.Type(authenticator.type)
    put_on_record(USED[kind], authenticator.user, about=authenticator)
