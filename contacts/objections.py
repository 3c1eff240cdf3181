"""Who asked not to be in a directory: kept out by their address, of which a digest is kept."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import connection


def has_objected(email: str) -> bool:
    """Whether whoever has this address asked not to be in a directory.

    Answers who keeps a directory or may offer to one; nobody else.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.objected(%s)", [email.strip()])
        return bool(cursor.fetchone()[0])


def require_no_objection(email: str) -> None:
    """Raise ValidationError, keyed by field, for an address that is kept out."""
    if has_objected(email):
        raise ValidationError(
            {"email": "Whoever has this address asked not to be in a directory"}, code="objected"
        )
