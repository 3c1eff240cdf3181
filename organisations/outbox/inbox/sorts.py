"""The sorts of messages that are understood, and who handles each. Registered by their owner.

Called in `AppConfig.ready`, so the list is complete and constant once Django has started.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from organisations.outbox.inbox.messages import Received


class Folder(enum.StrEnum):
    """Where a message goes that has been read; nothing is ever deleted."""

    HANDLED = "handled"
    OTHER = "other"  # for a person to read


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a message. `reason` is for operators, and names nobody."""

    folder: Folder
    reason: str = ""
    delivery: int | None = None  # the e-mail of ours that it is about


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of message.

    `handle(message)` is called in a transaction acting for nobody, in which it is recorded that the
    message was handled: both are committed, or neither. What it raises is tried again twice; then
    the message is set aside. `rank`: those with a lower one are asked first.
    """

    name: str
    label: str
    recognise: Callable[[Received], bool]
    handle: Callable[[Received], Verdict]
    rank: int = 50


UNKNOWN = "unknown"
FAILED = "failed"
TOO_LARGE = "too-large"
UNREADABLE = "unreadable"
NOT_UNDERSTOOD = {
    UNKNOWN: "Something else",
    FAILED: "Handling it failed",
    TOO_LARGE: "Too large",
    UNREADABLE: "Could not be taken apart",
}

_sorts: dict[str, Sort] = {}


def register(sort: Sort) -> None:
    """Make a sort known. Raises ValueError when its name belongs to another one."""
    if sort.name in NOT_UNDERSTOOD or _sorts.get(sort.name, sort) != sort:
        raise ValueError(f"the inbox already has a sort {sort.name!r}")
    _sorts[sort.name] = sort


def sort_of(message: Received) -> Sort | None:
    """The first sort, by rank, that recognises a message."""
    ranked = sorted(_sorts.values(), key=lambda sort: (sort.rank, sort.name))
    return next((sort for sort in ranked if sort.recognise(message)), None)


def label_of(name: str) -> str:
    """A sort's name for people, also when its app is gone."""
    sort = _sorts.get(name)
    return sort.label if sort else NOT_UNDERSTOOD.get(name, name.replace("-", " ").capitalize())
