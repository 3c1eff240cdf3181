"""A month as a table: weeks by days, each week with its place in both years. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from calendars.terms import TermSource, place_of
from overview.planner.gathering import Gathered
from overview.planner.items import Item
from overview.planner.nation import HOLIDAYS
from overview.planner.windows import ONE_DAY, Window

# Of one kind on one day; of more, their number.
MOST_A_DAY = 3
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Day:
    """A cell: its items, how many more there are and where, and why schools are closed."""

    day: date
    shown: bool
    today: bool
    items: list[Item]
    more: list[tuple[str, str]]
    closed: str
    # Whether schools have no pupils in: a weekend, a holiday, a closed day.
    free: bool


@dataclass(frozen=True, slots=True)
class Week:
    """A row: the week's number, its place in the school year, what holds all week, its days."""

    number: int
    place: str
    periods: list[Item]
    days: list[Day]


@dataclass(frozen=True, slots=True)
class Table:
    """A month: what holds from its first day to its last, and its weeks."""

    throughout: list[Item]
    weeks: list[Week]


def table_of(
    window: Window,
    terms: TermSource,
    items: Sequence[Item],
    gathered: Sequence[Gathered],
    agenda_at: Callable[[date], str],
    today: date,
) -> Table:
    """The rows of a month."""
    by_day: dict[date, list[Item]] = {}
    throughout: list[Item] = []
    long: list[Item] = []
    for item in items:
        if item.first <= window.first and item.last >= window.last:
            throughout.append(item)
        elif item.last > item.first:
            long.append(item)
        else:
            by_day.setdefault(item.first, []).append(item)
    weeks = []
    for start in window.weeks:
        end = start + 6 * ONE_DAY
        within = [
            each
            for each in long
            if each.first <= min(end, window.last) and each.last >= max(start, window.first)
        ]
        holidays = [each for each in within if each.row == HOLIDAYS]
        days = [
            _day(window, start + n * ONE_DAY, by_day, gathered, agenda_at, today, holidays)
            for n in range(7)
        ]
        place = place_of(start + 4 * ONE_DAY, terms).in_school_year
        number = start.isocalendar().week
        shown = sorted(within, key=lambda each: (each.last - each.first, each.name))
        weeks.append(Week(number, place[0].upper() + place[1:], shown, days))
    return Table(throughout, weeks)


def _day(
    window: Window,
    day: date,
    by_day: Mapping[date, list[Item]],
    gathered: Sequence[Gathered],
    agenda_at: Callable[[date], str],
    today: date,
    holidays: Sequence[Item],
) -> Day:
    if not window.contains(day):
        return Day(day, False, day == today, [], [], "", free=False)
    closed = [item for item in by_day.get(day, ()) if item.row == "closed"]
    items = [item for item in by_day.get(day, ()) if item.row != "closed"]
    more = []
    for each in gathered:
        number = each.days.get(day, 0)
        if number > MOST_A_DAY or (number and each.all is None):
            more.append((each.source.counted(number), agenda_at(day)))
        elif number:
            items += [item for item in each.all or () if item.first == day]
    words = ", ".join(item.name for item in closed)
    free = day.weekday() > _FRIDAY or bool(closed) or any(_on(each, day) for each in holidays)
    return Day(day, True, day == today, items, more, words, free)


def _on(item: Item, day: date) -> bool:
    return item.first <= day <= item.last
