"""Where the floors say what they hold of an organisation that ends, and how it follows.

    registry.register(Affected(name="partnerships", label="…", order=30, proposals=…))

from `AppConfig.ready`, so that this floor knows no partnership. The work itself is three functions
of the database, named after the kind: `tandem.gather_<name>(reorganisation)` adds a row for each
record with a proposal, `tandem.describe_<name>(ids)` says to an operator what a record is called,
and `tandem.reorganise_<name>(row)` does what was decided, once, and settles the row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from organisations.models import Reorganisation, ReorganisationRow

# Called in the transaction of a batch with the rows that it settled, of one kind.
After = Callable[[list[ReorganisationRow]], None]


@dataclass(frozen=True, slots=True)
class Affected:
    """One kind of record that is affected: what it is called, and what becomes of it.

    `follows` says it in words for one that follows, `about` in a sentence above their list. `order`
    is that of the work: what others refer to comes before them.
    """

    name: str
    label: str
    follows: str
    about: str
    order: int
    after: After | None = None


@dataclass
class _Registered:
    kinds: dict[str, Affected] = field(default_factory=dict)
    # Called once, in the transaction that finishes a reorganisation.
    finished: list[Callable[[Reorganisation], None]] = field(default_factory=list)


_registered = _Registered()


def register(kind: Affected) -> None:
    """Make a kind known. Raises ValueError when its name is taken, or cannot be a function's."""
    if not re.fullmatch("[a-z_]{1,20}", kind.name):
        raise ValueError(f"{kind.name!r} cannot be part of a function's name")
    if _registered.kinds.get(kind.name, kind) != kind:
        raise ValueError(f"something else is reorganised as {kind.name!r}")
    _registered.kinds[kind.name] = kind


def when_finished(listener: Callable[[Reorganisation], None]) -> None:
    """Have `listener` called once a reorganisation is done; a second time changes nothing."""
    if listener not in _registered.finished:
        _registered.finished.append(listener)


def kinds() -> list[Affected]:
    """Every kind, in the order of the work."""
    return sorted(_registered.kinds.values(), key=lambda each: (each.order, each.name))


def kind_named(name: str) -> Affected | None:
    """The kind of that name."""
    return _registered.kinds.get(name)


def finished(reorganisation: Reorganisation) -> None:
    """Call everyone who wants to know that a reorganisation is done."""
    for listener in _registered.finished:
        listener(reorganisation)
