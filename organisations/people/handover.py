"""What somebody would leave behind, and how it passes to a colleague.

The floors above register what they hold of a person, in `AppConfig.ready`:

    handover.register(HandOver(name="touchpoints", label="…", count=…, move=…))

so that this floor lists and moves it without knowing what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from organisations.actor import Actor
from organisations.models import User
from organisations.permissions import Permission, can


@dataclass(frozen=True, slots=True)
class Successor:
    """Who takes over. `job_title` is how partners will know them, where they become a contact."""

    user: User
    job_title: str = ""


Count = Callable[[Actor, User], int]
Move = Callable[[Actor, User, Successor], int]
Names = Callable[[Actor, User], list[str]]


@dataclass(frozen=True, slots=True)
class HandOver:
    """One kind of thing that somebody may leave behind.

    `count(by, user)` says how many; `names(by, user)` may name a few of them. `move(by, user,
    to)` passes all of it on and says how many went; without `move` it stays as it is, and
    `stays` says what that means. `needs` is what `by` must be allowed for it to be moved;
    `asks_job_title` when a successor has to be introduced to partners.
    """

    name: str
    label: str
    count: Count
    move: Move | None = None
    names: Names | None = None
    stays: str = ""
    needs: Permission | None = None
    asks_job_title: bool = False
    order: int = 100

    def moves_for(self, by: Actor) -> bool:
        """Whether it passes to a successor when `by` carries it out."""
        return self.move is not None and (self.needs is None or can(by, self.needs))


@dataclass(frozen=True, slots=True)
class Left:
    """What one person would leave behind of one kind."""

    kind: HandOver
    count: int
    names: tuple[str, ...]
    moves: bool


_kinds: dict[str, HandOver] = {}


def register(kind: HandOver) -> None:
    """Make a kind known. Raises ValueError when its name belongs to another one."""
    if _kinds.get(kind.name, kind) != kind:
        raise ValueError(f"something else is handed over as {kind.name!r}")
    _kinds[kind.name] = kind


def left_by(by: Actor, user: User) -> list[Left]:
    """What a person of the acting organisation would leave behind, as `by` would hand it over."""
    found = []
    for kind in _in_order():
        if count := kind.count(by, user):
            names = tuple(kind.names(by, user)) if kind.names else ()
            found.append(Left(kind, count, names, kind.moves_for(by)))
    return found


def move_all(by: Actor, user: User, to: Successor) -> dict[str, int]:
    """Pass everything on that can be, in order; how many of each kind went."""
    moved = {
        kind.name: kind.move(by, user, to)
        for kind in _in_order()
        if kind.move is not None and kind.moves_for(by)
    }
    return {name: count for name, count in moved.items() if count}


def _in_order() -> list[HandOver]:
    return sorted(_kinds.values(), key=lambda kind: kind.order)
