"""What is planned, as far as a page shows it: few are read whole, many only counted by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from overview.planner.agenda import PAGE, Begin
from overview.planner.items import Item
from overview.planner.sources import Asked, Source

# So many of a kind are read whole; of more a page reads only its share, and the strip counts.
SEVERAL = 200


@dataclass(frozen=True)
class Gathered:
    """One source's items in the window: how many a day, and all of them unless they are many."""

    source: Source
    days: Mapping[date, int]
    all: Sequence[Item] | None

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.days.values())

    def from_on(self, asked: Asked, begin: Begin) -> Sequence[Item]:
        """Enough items for a page that begins there; one statement unless they are at hand."""
        if self.all is not None:
            return [item for item in self.all if item.first >= begin.day]
        if not self.total:
            return []
        days = (begin.day, asked.window.last)
        return self.source.take(asked, days, 0, begin.skip + PAGE)

    def per(self, unit: Mapping[date, date]) -> Counter[date]:
        """How many there are in each unit of time, which `unit` names for every day."""
        found: Counter[date] = Counter()
        for day, number in self.days.items():
            found[unit[day]] += number
        return found


def gather(asked: Asked, source: Source) -> Gathered:
    """Count a source's items, and read them when they are few; two statements at most.

    What is scarce is read first, and counted in the database only when it proves to be many.
    """
    whole = (asked.window.first, asked.window.last)
    if source.scarce:
        found = source.take(asked, whole, 0, SEVERAL + 1)
        if len(found) <= SEVERAL:
            return Gathered(source, Counter(item.first for item in found), found)
        return Gathered(source, source.days(asked), None)
    days = source.days(asked)
    total = sum(days.values())
    if total > SEVERAL:
        return Gathered(source, days, None)
    return Gathered(source, days, source.take(asked, whole, 0, total) if total else [])
