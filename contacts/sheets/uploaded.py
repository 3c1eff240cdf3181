"""What an uploaded file is called where its import is listed."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from contacts.sheets.cells import tidy
from organisations.guard_rail import find_identifiers


def shown_name(name: str) -> str:
    """Its name, for the history; raises ValidationError for one that holds an identifier."""
    shown = tidy(name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]).strip()
    if find_identifiers(shown):
        raise ValidationError(
            {"sheet": "The file’s name looks like it contains a child’s or patient’s number"}
        )
    return shown[:120] or "Sheet"
