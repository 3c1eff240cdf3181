"""What the records are called that events are about, as each room registered it.

This floor knows no partnership: `register` takes the table, what one of its rows is called, and
a function that names the rows one reader still sees, all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from organisations.actor import Actor

PERSON = "organisations_user"
ORGANISATION = "organisations_organisation"


@dataclass(frozen=True, slots=True)
class Shown:
    """One record as its reader may see it; `href` is empty where there is no page."""

    words: str
    href: str = ""


Links = Callable[[Actor, Collection[int]], Mapping[int, Shown]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its table, what one is called, and how to name those a reader sees."""

    table: str
    label: str
    links: Links | None = None


_kinds: dict[str, Kind] = {}
# What a changed field refers to: the table whose ids are its values.
_fields: dict[str, str] = {
    "user": PERSON,
    "author": PERSON,
    "invited_by": PERSON,
    "successor": PERSON,
    "organisation": ORGANISATION,
    "partner": ORGANISATION,
    "to_organisation": ORGANISATION,
    "invited_by_organisation": ORGANISATION,
}


def register(table: str, label: str, links: Links | None = None) -> None:
    """Say what a row of `table` is called, and how to name and link the ones a reader sees."""
    _kinds[table] = Kind(table, label, links)


def register_field(name: str, table: str) -> None:
    """Say that the values of a changed field are ids of `table`."""
    _fields[name] = table


def kinds() -> dict[str, Kind]:
    """Every kind of record, by table."""
    return dict(sorted(_kinds.items(), key=lambda item: item[1].label))


def refers_to(field: str) -> str | None:
    """The table whose ids are the values of a changed field; None for plain values."""
    return _fields.get(field)
