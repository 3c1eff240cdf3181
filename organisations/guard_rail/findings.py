"""What the guard-rail reports: the kind of identifier and where it is, never the value."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class IdentifierKind(enum.StrEnum):
    """A kind of identifier of a child or patient."""

    NHS_NUMBER = "nhs_number"
    UPN = "upn"
    DATE_OF_BIRTH = "date_of_birth"

    @property
    def in_words(self) -> str:
        """With its article, for a sentence."""
        return _WORDS[self]


_WORDS = {
    IdentifierKind.NHS_NUMBER: "an NHS number",
    IdentifierKind.UPN: "a unique pupil number (UPN)",
    IdentifierKind.DATE_OF_BIRTH: "a date of birth",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """An identifier in a text, from `start` up to, not including, `end`."""

    kind: IdentifierKind
    start: int
    end: int
