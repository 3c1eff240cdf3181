"""Where other floors take part when an organisation joins, leaves, or takes its records away.

    on_joined.register(tell_those_who_recorded_it)
    on_leaving.register(leave_partnerships)
    add_section(Section("partnerships", …))

all from `AppConfig.ready`, so that this floor knows no partnership.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from organisations.actor import Actor
from organisations.models import Organisation

Listener = TypeVar("Listener", bound=Callable[..., Any])


@dataclass
class Listeners(Generic[Listener]):
    """Functions called in the transaction of what they listen to: by `order`, then as they came."""

    _registered: list[tuple[int, Listener]] = field(default_factory=list)

    @property
    def listeners(self) -> list[Listener]:
        """Those to call, one after the other."""
        return [listener for _, listener in self._registered]

    def register(self, listener: Listener, *, order: int = 100) -> None:
        """Have `listener` called; registering it again changes nothing."""
        if listener not in self.listeners:
            self._registered.append((order, listener))
            self._registered.sort(key=lambda each: each[0])


# Called with the organisation that opens and the manager who opened it.
on_joined: Listeners[Callable[[Organisation, Actor], None]] = Listeners()
# Called with the manager who takes the organisation out, while it is still open; says how many
# of what it ended.
on_leaving: Listeners[Callable[[Actor], Mapping[str, int]]] = Listeners()
# Called before a manager decides: sentences that say what would be ended, with numbers.
foretold: Listeners[Callable[[Actor], list[str]]] = Listeners()


# How many rows of a section are fetched at a time.
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Section:
    """One file of an export: a name, its columns, and the rows that an organisation sees.

    `rows` gives them one after the other, so that a long section is never held at once.
    """

    name: str
    columns: tuple[str, ...]
    rows: Callable[[Actor], Iterable[tuple[Any, ...]]]
    about: str
    order: int = 100


_sections: dict[str, Section] = {}


def add_section(section: Section) -> None:
    """Make a section part of every export. Raises ValueError when its name is taken."""
    if _sections.get(section.name, section) != section:
        raise ValueError(f"another section is exported as {section.name!r}")
    _sections[section.name] = section


def sections() -> list[Section]:
    """Every section, in order."""
    return sorted(_sections.values(), key=lambda each: (each.order, each.name))
