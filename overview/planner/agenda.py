"""The agenda beneath the strip: every item in the order of its day, by month, some at a time.

Pure. What comes from the database is only counted by day; this says which of it a page needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from overview.planner.items import Item
from overview.planner.windows import Window

PAGE = 25


@dataclass(frozen=True, slots=True)
class Begin:
    """Where a page begins: on a day, but for its first `skip` items."""

    day: date
    skip: int = 0

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.skip}" if self.skip else self.day.isoformat()

    @classmethod
    def parse(cls, text: str) -> Begin | None:
        """Read what `str` wrote; None for anything else."""
        day, _, skip = text.partition(".")
        try:
            return cls(date.fromisoformat(day), int(skip) if skip.isdecimal() else 0)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Turns:
    """How many items a window has, how many lie before a page, and where its neighbours begin."""

    total: int
    passed: int
    before: Begin | None
    after: Begin | None


def begin_of(window: Window, asked: str, today: date) -> Begin:
    """Where the page begins that an address asks for; without a word of it today, or at first."""
    begin = Begin.parse(asked)
    if begin is not None and window.contains(begin.day):
        return begin
    return Begin(today if window.contains(today) else window.first)


def turns(days: Iterable[Mapping[date, int]], begin: Begin) -> Turns:
    """The neighbours of a page; `days` says of each kind how many begin on each day."""
    totals: Counter[date] = Counter()
    for each in days:
        totals.update(each)
    ordered = sorted(totals.items())
    total = totals.total()
    passed = sum(number for day, number in ordered if day < begin.day)
    passed = min(passed + min(begin.skip, totals[begin.day]), total)

    def at(place: int) -> Begin:
        for day, number in ordered:
            if place < number:
                return Begin(day, place)
            place -= number
        return begin

    return Turns(
        total,
        passed,
        before=at(max(0, passed - PAGE)) if passed else None,
        after=at(passed + PAGE) if passed + PAGE < total else None,
    )


def page_of(held: Sequence[Item], planned: Sequence[Item], begin: Begin) -> list[Item]:
    """The items of a page, each list being in the order of its days; what is held stands first."""
    found = [item for item in held if item.first >= begin.day]
    found += [item for item in planned if item.first >= begin.day]
    found.sort(key=lambda item: item.first)
    return found[begin.skip : begin.skip + PAGE]


@dataclass(frozen=True, slots=True)
class Month:
    """The items of a page that begin in one month."""

    first: date
    items: list[Item]


def in_order(window: Window, items: Sequence[Item]) -> list[Item]:
    """The items that begin in the window, by day."""
    begun = [item for item in items if window.contains(item.first)]
    return sorted(begun, key=lambda item: (item.first, item.rank, item.name))


def under_way(items: Sequence[Item], day: date) -> list[Item]:
    """What has begun before a day and still holds on it, what ends first before the rest."""
    found = [item for item in items if item.first < day <= item.last]
    return sorted(found, key=lambda item: (item.last, item.name))


def by_month(items: Sequence[Item]) -> list[Month]:
    """Items, already in order, under the month in which they begin."""
    months: list[Month] = []
    for item in items:
        first = item.first.replace(day=1)
        if not months or months[-1].first != first:
            months.append(Month(first, []))
        months[-1].items.append(item)
    return months
