"""Words inside a chart: how much room they need, where they are cut, which numbers are shown.

A server does not know the widths of a reader's type, so the estimates are those of Arial,
rounded up. All lengths are units of the drawing (see `frontend.chart_drawing`).
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal

SIZE = 14
LINE = 17
# Characters, with commas and point: up to a thousand billions.
LONGEST_NUMBER = 21

# Parts of the type size, of the widest letter of each kind.
NARROW = frozenset("ijlftrI.,:;'’|!()[] -/")
BROAD = frozenset("mwMW%@&—…")


def plain(text: object) -> str:
    """One line of text without the characters that XML does not allow."""
    allowed = (c if unicodedata.category(c) not in ("Cc", "Cs", "Cn") else " " for c in str(text))
    return " ".join("".join(allowed).split())


def width(text: str) -> float:
    """The room that a line of text needs."""
    return sum(map(_part, text)) * SIZE


def _part(letter: str) -> float:
    if letter in NARROW:
        return 0.36
    if letter in BROAD or ord(letter) > 0x2E7F:
        return 1.02
    return 0.58 if letter.isascii() and not letter.isupper() else 0.76


def fitted(text: str, room: float) -> str:
    """The text, cut with three dots where it is longer than the room; "" where none fits."""
    if width(text) <= room:
        return text
    kept = text
    while kept and width(f"{kept}…") > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…" if kept else ""


def wrapped(text: str, room: float) -> list[str]:
    """The text in one line, or in two of much the same length; only what is beyond two is cut."""
    words = text.split(" ")
    if width(text) <= room or len(words) == 1:
        return [fitted(text, room)]
    halves = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    first, second = min(halves, key=lambda pair: max(map(width, pair)))
    if max(width(first), width(second)) > room:
        begun = [pair for pair in halves if width(pair[0]) <= room]
        first, second = begun[-1] if begun else halves[0]
    return [fitted(first, room), fitted(second, room)]


def number(value: Decimal | int) -> str:
    """`1,234`, `92.50`; a number too long to read as a power of ten, `1E+30`."""
    exact = Decimal(value)
    written = f"{exact:,f}"
    if len(written) > LONGEST_NUMBER:
        return f"{exact.normalize():.3E}" if exact else "0"
    return written
