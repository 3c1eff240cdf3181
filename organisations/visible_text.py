"""Whether a text shows anything to a reader."""

from __future__ import annotations

import unicodedata


def says_something(text: str) -> bool:
    """Whether a reader would see anything: blanks and invisible characters do not count."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)
