"""What a reader sees of a text: whether anything, and in the order in which it was typed."""

from __future__ import annotations

import unicodedata

# They turn the words after them round, so that a name or an address reads as another. Text
# copied from other programs brings them along unseen; nobody needs them to write a language.
_TURNING = dict.fromkeys(
    map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)


def says_something(text: str) -> bool:
    """Whether a reader would see anything: blanks and invisible characters do not count."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)


def in_reading_order(text: str) -> str:
    """The text without the invisible characters that turn the direction of reading round."""
    return text.translate(_TURNING)
