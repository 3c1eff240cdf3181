"""What allauth asks of us about second factors: secrets encrypted, words, who may look."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from typing import Any

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes
from markupsafe import Markup
from qrcode.image.svg import SvgPathImage

from organisations.models import User
from organisations.signing_in.on_record import as_person

WRONG_CODE = "The code is not right. Wait for the next one in your app, and enter that."


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Authenticator apps, passkeys and recovery codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": "You cannot switch this off.",
        "cannot_generate_recovery_codes": "Set up an app or a passkey first.",
        "unverified_email": "Confirm your email address first.",
    }

    def encrypt(self, text: str) -> str:
        """Secrets in the database are of no use without the settings."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Counterpart of `encrypt`; still reads what a former SECRET_KEY has encrypted."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def is_mfa_enabled(self, user: Any, types: Sequence[str] | None = None) -> bool:
        """Whether somebody has a factor; asked before they are signed in too."""
        if user.is_anonymous:
            return False
        with as_person(user.pk):
            return bool(super().is_mfa_enabled(user, types))

    def build_totp_svg(self, url: str) -> Markup:
        """The picture to scan, without inline styles, with a name for screen readers."""
        picture = qrcode.make(url, image_factory=SvgPathImage, border=4)
        drawn = picture.to_string(encoding="unicode")
        (box,), (path,) = (
            re.findall(r'viewBox="([^"]+)"', drawn),
            re.findall(r' d="([^"]+)"', drawn),
        )
        return Markup(
            '<svg class="app-qr-code" viewBox="{}" role="img" aria-label="QR code to scan with '
            'your authenticator app" xmlns="http://www.w3.org/2000/svg"><path d="{}"/></svg>'
        ).format(box, path)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """The name a new passkey gets when none is given."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"Passkey {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whom a passkey is for: this host, by the service's name."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Tandem"}


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hashlib.sha256(b"tandem.second-factors:" + force_bytes(each)) for each in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key.digest())) for key in keys])
