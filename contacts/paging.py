"""The number of a page, from an address that people type into."""

from __future__ import annotations

MOST_PAGES = 10_000


def page_number(given: str) -> int:
    """The page asked for; the first where that is no number of a page."""
    if given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= MOST_PAGES:
        return int(given[:9])
    return 1
