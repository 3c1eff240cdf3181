"""Where a planner's items come from: the register of sources.

A kind of thing joins the planner by one `Source`, registered in `AppConfig.ready`: how many of
it begin on each day (one statement, whatever their number), and those of some days (one more). So
a planner of thousands costs what a planner of ten does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from organisations.actor import Actor
from overview.planner.items import Item
from overview.planner.windows import Window

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose planner, of which days, and of which partnership alone (None: of all)."""

    actor: Actor
    window: Window
    today: date
    partnership_id: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of thing: its key in the address, its name in the filter, and how it is read.

    `take` reads those that begin between two days, both included, in their order: how many to
    pass over, and how many to read at most. `counted` puts a number of them in words: "12
    touchpoints". `order` places its row. `scarce` is what is rarely more than a few a week.
    """

    kind: str
    label: str
    days: Callable[[Asked], Mapping[date, int]]
    take: Callable[[Asked, Days, int, int], list[Item]]
    counted: Callable[[int], str]
    order: int = 50
    scarce: bool = False


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a kind of thing to every planner."""
    _sources[source.kind] = source


def sources() -> list[Source]:
    """All of them, in the order of their rows."""
    return sorted(_sources.values(), key=lambda each: each.order)
