"""Finding a delivery by its reference, for whoever acts for nobody: a provider's report, a link.

The reference is no secret between us and the provider. A link carries it signed.
"""

from __future__ import annotations

from django.core import signing
from django.db import connection

from organisations.models import Delivery
from organisations.outbox.identity import reference_of

COLUMNS = (
    "id, kind, subject, recipient, offset_minutes, revision, organisation_id, posting_id, state"
)
BEHIND = f"SELECT {COLUMNS} FROM tandem.delivery_behind(%s)"  # noqa: S608  # two constants


def find(reference: str) -> Delivery | None:
    """The delivery of that reference, as far as a kind needs it; None for an unknown one."""
    if "\0" in reference:
        return None
    with connection.cursor() as cursor:
        cursor.execute(BEHIND, [reference])
        row = cursor.fetchone()
    names = [name.strip() for name in COLUMNS.split(",")]
    return Delivery(**dict(zip(names, row, strict=True))) if row else None


def token_for(delivery: Delivery, *, salt: str) -> str:
    """A token for a link in this delivery's e-mail; `salt` says what the link is for."""
    return token_of(reference_of(delivery), salt=salt)


def token_of(reference: str, *, salt: str) -> str:
    """The same for the delivery of that reference."""
    return signing.Signer(salt=salt).sign(reference)


def find_by_token(token: str, *, salt: str) -> Delivery | None:
    """The delivery whose e-mail carried a link; None for a token that we did not make for it."""
    try:
        return find(signing.Signer(salt=salt).unsign(token))
    except signing.BadSignature:
        return None
