"""What the page of an organisation's calendar is made of, and the addresses below it.

    pages.register(Part("feeds", feeds_section, order=80))

from `AppConfig.ready`. A part is built for one actor and one academic year, and says which template
shows it; the template finds its facts as `it`, and `year` besides. A part that has nothing for
this organisation returns None. So other rooms add to the page without its knowing them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from calendars.years import AcademicYear
from organisations.actor import Actor

# Below which every address of the calendar lies.
BASE = "o/<slug:organisation_slug>/calendar/"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the page: its heading, the template that shows it, and what that needs."""

    heading: str
    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)


Build = Callable[[Actor, AcademicYear], Section | None]


@dataclass(frozen=True, slots=True)
class Part:
    """Who has something to show there: a name of its own, and where among the others it stands."""

    name: str
    build: Build
    order: int


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    """Add a part to the page of every calendar. Raises ValueError for a name that is taken."""
    if _parts.get(part.name, part) != part:
        raise ValueError(f"the page of a calendar already has a part {part.name!r}")
    _parts[part.name] = part


def of(actor: Actor, year: AcademicYear) -> list[Section]:
    """The sections of the acting organisation's page for a year, in order."""
    in_order = sorted(_parts.values(), key=lambda part: part.order)
    return [each for part in in_order if (each := part.build(actor, year)) is not None]
