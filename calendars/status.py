"""How sure Tandem is of a date: the words that stand beside it on every screen.

Here: the four standings of a calendar row. Not here: the rows themselves.
"""

from __future__ import annotations

import enum


class Standing(enum.StrEnum):
    """How a date is known, most certain first."""

    PUBLISHED = "published"
    RULE = "rule"
    PROVISIONAL = "provisional"
    TYPICAL = "typical"

    @property
    def in_words(self) -> str:
        """A phrase for people.

        >>> Standing("rule").in_words
        'worked out from the rule'
        """
        return _WORDS[self]

    @property
    def is_certain(self) -> bool:
        """Whether the date may be shown without a caution beside it."""
        return self in (Standing.PUBLISHED, Standing.RULE)


_WORDS = {
    Standing.PUBLISHED: "published",
    Standing.RULE: "worked out from the rule",
    Standing.PROVISIONAL: "provisional, expected but not confirmed",
    Standing.TYPICAL: "typical pattern, nobody has published it yet",
}
