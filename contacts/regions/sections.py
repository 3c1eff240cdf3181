"""What the page of a region is made of: sections, each registered by whoever has something there.

    sections.register("suggestions", waiting_suggestions, order=20)

A section is built for one admin and one region, and says which template shows it; the template
finds its facts as `it`. One that has nothing to say returns None. Called in `AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contacts.models import Region
from organisations.actor import Actor


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its heading, the template that shows it, and what that needs."""

    heading: str
    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)


Build = Callable[[Actor, Region], Section | None]
_builders: dict[str, tuple[int, Build]] = {}


def register(name: str, build: Build, *, order: int) -> None:
    """Add a section to the page of a region. Raises ValueError for a name that is taken."""
    if _builders.get(name, (order, build)) != (order, build):
        raise ValueError(f"the page of a region already has a section {name!r}")
    _builders[name] = (order, build)


def of(actor: Actor, region: Region) -> list[Section]:
    """The sections of one region's page, in order."""
    in_order = sorted(_builders.values(), key=lambda entry: entry[0])
    return [each for _, build in in_order if (each := build(actor, region)) is not None]
