"""A text as the guard-rail reads it: groups of digits and what stands between them.

Here: removing characters that cannot be seen, full-width letters, digit groups in any
script, how neighbouring groups are joined, the words around a place, web and email
addresses. Not here: what any number means.

Every pattern is a single run of one character class, or bounded, and starts where such a
run starts, so that no text takes more than time in proportion to its length.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property

# Default-ignorable characters, combining marks and control characters other than spaces:
# nothing a reader sees between two digits.
_UNSEEN = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20f0\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_UNSEEN_CHARACTER = re.compile(f"[{_UNSEEN}]")
_FULL_WIDTH_LETTERS = {
    code: code - 0xFEE0 for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")

SPACES = "\\s\u2800"
DOTS = ".\u00b7\u2022\u2027\u2219\uff0e"
HYPHENS = "\\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
SLASHES = "/\u2044\u2215\uff0f"
# Up to three spaces, or one mark on its own or between single spaces. A dot with a space
# beside it ends a sentence, so it joins nothing.
_JOIN = re.compile(rf"[{SPACES}]{{1,3}}|[{SPACES}]?[_{SLASHES}{HYPHENS}][{SPACES}]?|[{DOTS}]")
_BREAK = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")
_LONGEST_JOIN = 3

_ADDRESS_END = r"[^\s<>\"'(){}\[\]|,;]+"
_TOP_LEVEL = "uk|org|com|net|gov|nhs|edu|eu|info|io|int|app|dev|co|me|tv|wales|london|example"
_WEB_ADDRESS = re.compile(
    rf"(?:[A-Za-z][A-Za-z0-9+.-]{{0,15}}://|(?<![A-Za-z0-9])[Ww]{{3}}\."
    # A name of the kind "school.example.org" needs no scheme when a path follows it.
    rf"|(?<![A-Za-z0-9.-])(?:[A-Za-z0-9-]{{1,63}}\.){{1,8}}(?:{_TOP_LEVEL})(?::[0-9]{{1,5}})?/"
    # A document's DOI.
    rf"|(?<![0-9.])10\.[0-9]{{4,9}}/){_ADDRESS_END}"
)
_EMAIL_ADDRESS = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+")
_REACH = 64


class Reading:
    """A text made ready for the detectors; positions are within the readable text."""

    def __init__(self, text: str, *, label: str = "") -> None:
        self._positions: list[int] | None = None
        if _UNSEEN_CHARACTER.search(text):
            self._positions = [
                at for at, sign in enumerate(text) if not _UNSEEN_CHARACTER.match(sign)
            ]
            text = _UNSEEN_CHARACTER.sub("", text)
        self.text = text.translate(_FULL_WIDTH_LETTERS) if not text.isascii() else text
        self.label_words = frozenset(_words(label))

    @cached_property
    def groups(self) -> list[tuple[int, int]]:
        """Every unbroken run of digits, as start and end."""
        return [found.span() for found in _DIGITS.finditer(self.text)]

    @cached_property
    def digit_count(self) -> int:
        """How many digits there are."""
        return sum(end - start for start, end in self.groups)

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """A span of the readable text as a span of the text that was given."""
        if self._positions is None:
            return start, end
        return self._positions[start], self._positions[end - 1] + 1

    def size(self, group: int) -> int:
        """How many digits a group has."""
        start, end = self.groups[group]
        return end - start

    def digits(self, first: int, last: int) -> str:
        """The digits of the groups `first` to `last`, as 0 to 9 whatever their script."""
        return "".join(
            str(unicodedata.decimal(sign))
            for start, end in self.groups[first : last + 1]
            for sign in self.text[start:end]
        )

    def between(self, group: int) -> str:
        """What stands between a group and the next, "" when that is far away or missing."""
        if not 0 <= group < len(self.groups) - 1:
            return ""
        start, end = self.groups[group][1], self.groups[group + 1][0]
        return self.text[start:end] if end - start <= _LONGEST_JOIN + 1 else ""

    def breaks(self, group: int) -> bool:
        """Whether a line break or a tab stands between a group and the next."""
        return _BREAK.search(self.between(group)) is not None

    def joined(self, first: int, last: int) -> bool:
        """Whether the groups `first` to `last` can be one number.

        One of several joins may be a line break or a tab, for a line that was wrapped;
        more of them, or the only one, are a column or a row of a table.
        """
        if last >= len(self.groups):
            return False
        breaks = 0
        for group in range(first, last):
            if not _JOIN.fullmatch(self.between(group)):
                return False
            breaks += self.breaks(group)
        return breaks == 0 or (breaks == 1 and last - first > 1)

    def before(self, start: int) -> str:
        """The character before a place, "" at the beginning."""
        return self.text[start - 1 : start] if start else ""

    def after(self, end: int) -> str:
        """The character at the end of a span, "" when the text ends there."""
        return self.text[end : end + 1]

    def text_before(self, start: int, reach: int = _REACH) -> str:
        """The text just before a place."""
        return self.text[max(0, start - reach) : start]

    def words_before(self, start: int, count: int) -> list[str]:
        """The last words, in lower case, before a place, nearest last."""
        near = self.text_before(start)
        words = _words(near)
        if start > _REACH and words and near[0].isalpha():
            words = words[1:]  # the reach cut it in two: "hotel" is not "tel"
        return words[-count:]

    def word_after(self, end: int) -> str:
        """The word that follows a place, in lower case, past a few spaces or a bracket."""
        following = re.match(rf"[\s,(\[-]{{1,3}}({_WORD.pattern})", self.text[end : end + _REACH])
        return following[1].lower() if following else ""

    @cached_property
    def _addresses(self) -> list[tuple[int, int]]:
        spans = [
            found.span()
            for pattern in (_WEB_ADDRESS, _EMAIL_ADDRESS)
            for found in pattern.finditer(self.text)
        ]
        return sorted(spans)

    @cached_property
    def _address_reach(self) -> list[int]:
        """For each address in order, the furthest end among it and those before it."""
        furthest, reaches = 0, []
        for _, end in self._addresses:
            furthest = max(furthest, end)
            reaches.append(furthest)
        return reaches

    def in_address(self, start: int, end: int) -> bool:
        """Whether a span lies inside a web or email address."""
        at = bisect_right(self._addresses, (start, len(self.text) + 1)) - 1
        return at >= 0 and self._address_reach[at] >= end


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text.replace("_", " "))]
