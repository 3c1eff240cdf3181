"""Who asked not to be in a directory: kept out by their address, of which a digest is kept."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import connection

REFUSED = "Whoever has this address asked not to be in a directory"


def objected_among(emails: Iterable[str]) -> set[str]:
    """Those of the addresses whose owner asked not to be in a directory.

    Answers who keeps a directory or may offer to one; nobody else.
    """
    asked = sorted({email.strip() for email in emails})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT email FROM unnest(%s::text[]) AS t (email) WHERE tandem.objected(email)",
            [asked],
        )
        return {email for (email,) in cursor.fetchall()}


def require_no_objection(email: str) -> None:
    """Raise ValidationError, keyed by field, for an address that is kept out."""
    if objected_among([email]):
        raise ValidationError({"email": REFUSED}, code="objected")
