"""Parts of the directory's pages that floors above add: what only they know of a person's
posting, or what can be done with a gateway.

    sections.of_person.register("in-touch", who_is_in_touch, order=20)

A part is built for one actor and one object, and says which template shows it; the template
finds its facts as `it`. One that has nothing to say returns None. Called in `AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from contacts.models import Gateway, Posting
from organisations.actor import Actor

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page: its heading, the template that shows it, and what that needs."""

    heading: str
    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Parts(Generic[T]):
    """The parts that one kind of page has."""

    def __init__(self) -> None:
        self._builders: dict[str, tuple[int, Callable[[Actor, T], Part | None]]] = {}

    def register(self, name: str, build: Callable[[Actor, T], Part | None], *, order: int) -> None:
        """Add a part. Raises ValueError for a name that is taken."""
        if self._builders.get(name, (order, build)) != (order, build):
            raise ValueError(f"the page already has a part {name!r}")
        self._builders[name] = (order, build)

    def of(self, actor: Actor, it: T) -> list[Part]:
        """The parts of one page, in order."""
        in_order = sorted(self._builders.values(), key=lambda entry: entry[0])
        return [each for _, build in in_order if (each := build(actor, it)) is not None]


of_person: Parts[Posting] = Parts()
of_gateway: Parts[Gateway] = Parts()
