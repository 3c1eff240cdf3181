"""Where else a person's work lies, in their own name. The floors above say so.

    own_places.register(regions_of)

Told of who acts as themselves; asked on the page of one's organisations, and to find the page
that somebody is led to after signing in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from organisations.actor import Actor


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A link in words, where it leads, and a sentence about what is there."""

    words: str
    address: str
    about: str


Find = Callable[[Actor], OwnPlace | None]
_finds: list[Find] = []


def register(find: Find) -> None:
    """Add a kind of place; `find` says where one actor's is, or that there is none."""
    if find not in _finds:
        _finds.append(find)


def of(actor: Actor) -> list[OwnPlace]:
    """The places of one actor, in the order in which they were registered."""
    return [place for find in _finds if (place := find(actor)) is not None]
