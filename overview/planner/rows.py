"""The rows of a planner's strip, from what the calendars hold and what is planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from calendars.london import day_in_words
from overview.planner import nation
from overview.planner.gathering import Gathered
from overview.planner.items import Item
from overview.planner.quiet import QUIET
from overview.planner.sides import EVERYONE, HEALTH, OWN, SCHOOLS, Sides
from overview.planner.strip import Bar, Row, Strip, lay_out, place_classes
from overview.planner.windows import ONE_DAY, View, Window, monday

Address = Callable[..., str]
# A week with more of a kind shows their number.
MOST_A_WEEK = 3
# With more marks than that a year's row shows numbers by week.
MOST_MARKS = 34
ITEM_ROWS = [
    (SCHOOLS, "Schools", "Pressure points"),
    (HEALTH, "NHS and councils", "Pressure points"),
    (EVERYONE, "Both sides", "Dates for all"),
    (OWN, "Own periods", ""),
    (QUIET, "Quiet periods", ""),
]


def strip_of(
    window: Window,
    sides: Sides,
    items: Sequence[Item],
    gathered: Sequence[Gathered],
    address: Address,
    today: date,
) -> Strip:
    """All rows that have something in them; the calendars' own rows always."""
    terms = sides.school_terms
    rows = [nation.months(window, address)]
    if window.view is not View.YEAR:
        rows.append(nation.weeks(window, address))
        rows.append(nation.school_weeks(window, terms))
    for number, each in enumerate(sides.terms):
        whose = ", ".join(each.names) if len(sides.terms) > 1 else ""
        rows.append(nation.half_terms(window, each.source, "School year", whose, address))
        if number == 0:
            found = [item for item in items if item.row == nation.HOLIDAYS]
            rows.append(lay_out(window, "holidays", "School holidays", found))
    rows.append(nation.quarters(window, address))
    closed = [item for item in items if item.row == "closed"]
    rows.append(lay_out(window, "closed", "Closed days", closed))
    for key, name, note in ITEM_ROWS:
        found = [item for item in items if item.row == key]
        if found:
            rows.append(lay_out(window, key, name, found, note))
    rows += [planned_row(window, each, address) for each in gathered if each.total]
    shown = [row for row in rows if row.bars]
    column = window.column(today)
    at = f"app-w-{column} app-day-{today.weekday() + 1}" if window.contains(today) else ""
    return Strip(shown, len(window.weeks), at)


def planned_row(window: Window, gathered: Gathered, address: Address) -> Row:
    """The row of one source: a mark each while they are few, numbers once they are many."""
    source = gathered.source
    if gathered.all is None:
        per_month = window.view is View.YEAR
        note = "Number each month" if per_month else "Number each week"
        bars = _numbers(window, gathered, address, per_month=per_month)
        return Row(source.kind, source.label, bars, note)
    marks = _marks(window, gathered, address)
    if window.view is View.YEAR and len(marks) > MOST_MARKS:
        bars = _numbers(window, gathered, address, per_month=False)
        return Row(source.kind, source.label, bars, "Number each week")
    return lay_out(window, source.kind, source.label, marks, marks=True)


def _marks(window: Window, gathered: Gathered, address: Address) -> list[Item]:
    """Each item, but for full weeks: of these the number."""
    by_week: dict[date, list[Item]] = defaultdict(list)
    for item in gathered.all or ():
        by_week[monday(item.first)].append(item)
    marks = []
    for start, found in by_week.items():
        if len(found) <= MOST_A_WEEK:
            marks += found
            continue
        words = gathered.source.counted(len(found))
        first = max(start, window.first)
        href = address(view=View.MONTH, at=first)
        marks.append(replace(found[0], name=words, short=words, href=href, status="", time=""))
    return marks


def _numbers(window: Window, gathered: Gathered, address: Address, *, per_month: bool) -> list[Bar]:
    """How many there are in each month or week, leading to the month."""
    unit = {day: day.replace(day=1) if per_month else monday(day) for day in gathered.days}
    bars = []
    for start, number in sorted(gathered.per(unit).items()):
        first = max(start, window.first)
        last = min((start + 31 * ONE_DAY).replace(day=1) - ONE_DAY, window.last)
        begins = window.column(first)
        ends = window.column(last) if per_month else begins
        if per_month and ends > begins and last.weekday() < 3 and last < window.last:
            ends -= 1
        when = f"in {start:%B %Y}" if per_month else f"in the week of {day_in_words(start)}"
        words = gathered.source.counted(number).split(" ", 1)[1]
        classes = place_classes(begins, ends - begins + 1, "app-strip__number")
        href = address(view=View.MONTH, at=first)
        bars.append(Bar(f"{number:,}", f"{words} {when}", href, classes, (begins, 1)))
    return bars
