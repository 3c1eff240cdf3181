"""The link in an e-mail by which its reader stops such e-mails, or chooses when they come.

Signed from the e-mail's reference, stored nowhere, good for as long as the e-mail is known.
Reading it changes nothing.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from organisations.models import Delivery
from organisations.outbox.finding import find, token_of

SALT = "tandem.stop-emails"


def stop_address(reference: str) -> str:
    """The whole address of the page that stops e-mails like the one with that reference."""
    token = token_of(reference, salt=SALT)
    return f"{settings.BASE_URL}{reverse('stop-emails', args=[token])}"


def reference_in(token: str) -> str:
    """The reference that a token carries; empty for a token that we did not make."""
    try:
        return str(signing.Signer(salt=SALT).unsign(token))
    except signing.BadSignature:
        return ""


def delivery_behind(token: str) -> Delivery | None:
    """The e-mail that carried a link; None for a token that we did not make for one."""
    reference = reference_in(token)
    return find(reference) if reference else None
