"""The rows of a strip that are the same for everyone or one school's: months, terms, quarters.

Pure: no statement is sent for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from calendars.london import day_in_words
from calendars.terms import TermSource, half_term_on, half_terms_between
from calendars.working_days import bank_holidays
from calendars.years import AcademicYear, Quarter
from overview.planner.items import Item, days_in_words
from overview.planner.strip import Row, cells
from overview.planner.windows import ONE_DAY, WEEK, View, Window

HOLIDAYS = "holidays"
_SHORT_HOLIDAYS = {
    "New Year’s Day": "New Year",
    "Early May bank holiday": "Early May",
    "Spring bank holiday": "Spring",
    "Summer bank holiday": "Summer",
    "Christmas Day": "Christmas",
}
Address = Callable[..., str]
# Days of a year's strip below which a quarter is called by its number alone.
_NARROW = 45


def months(window: Window, address: Address) -> Row:
    """The months, each leading to its own view."""
    parts = []
    for first in window.months:
        last = (first + 31 * ONE_DAY).replace(day=1) - ONE_DAY
        label = f"{first:%b}"
        with_year = first.month == 1 or window.view is not View.YEAR
        href = address(view=View.MONTH, at=first)
        hidden = f"{first:%B %Y} as a month"
        parts.append(
            (first, last, f"{label} {first.year}" if with_year else label, hidden, href, "")
        )
    return Row("months", "Month", cells(window, parts))


def weeks(window: Window, address: Address) -> Row:
    """The weeks of a window that is shorter than a year, by their Mondays."""
    parts, month = [], 0
    for start in window.weeks:
        label = str(start.day) if start.month == month else f"{start.day} {start:%b}"
        month = start.month
        href = address(view=View.MONTH, at=max(start, window.first))
        hidden = f"week of {day_in_words(start)}"
        parts.append((start, start + 6 * ONE_DAY, label, hidden, href, ""))
    return Row("weeks", "Week from", cells(window, parts))


def school_weeks(window: Window, terms: TermSource) -> Row:
    """Each week's number in its half term; none in the holidays."""
    parts = []
    for start in window.weeks:
        friday = start + 4 * ONE_DAY
        half = half_term_on(friday, terms) or half_term_on(start, terms)
        if half is not None:
            number = half.week_of(friday)
            hidden = f"{half.name}, week {number}"
            parts.append((start, start + 6 * ONE_DAY, str(number), hidden, "", ""))
    return Row("school-weeks", "School week", cells(window, parts))


def quarters(window: Window, address: Address) -> Row:
    """The quarters of the NHS year."""
    parts = [
        (
            quarter.start,
            quarter.end,
            quarter.label if _weeks_shown(window, quarter) > _NARROW else f"Q{quarter.number}",
            f"{quarter.label}, {quarter.months}",
            address(view=View.QUARTER, at=quarter.start),
            "app-strip__odd" if quarter.number % 2 else "",
        )
        for quarter in Quarter.between(window.first, window.last)
    ]
    return Row("quarters", "NHS and council year", cells(window, parts))


def _weeks_shown(window: Window, quarter: Quarter) -> float:
    """How much of a year's width a quarter takes; the whole label needs room."""
    shown = min(quarter.end, window.last) - max(quarter.start, window.first)
    return shown.days * 53 / len(window.weeks)


def half_terms(window: Window, terms: TermSource, name: str, note: str, address: Address) -> Row:
    """The half terms of one calendar of school terms."""
    parts = [
        (
            half.start,
            half.end,
            half.name,
            f"{days_in_words(half.start, half.end)}, {half.standing.in_words}",
            address(view=View.TERM, at=half.start),
            "",
        )
        for half in half_terms_between(window.first, window.last, terms)
    ]
    return Row("terms", name, cells(window, parts), note)


def school_holidays(window: Window, terms: TermSource) -> list[Item]:
    """The holidays of a calendar of school terms that have a day in the window."""
    found = []
    for year in AcademicYear.between(window.first - 8 * WEEK, window.last):
        school_year, following = terms(year), terms(year.next)
        holidays = [(each.start, each.end, each.name) for each in school_year.holidays]
        last = school_year.half_terms[-1].end
        holidays.append((last + ONE_DAY, following.half_terms[0].start - ONE_DAY, "Summer holiday"))
        for start, end, name in holidays:
            if end >= window.first and start <= window.last:
                full = name[0].upper() + name[1:]
                found.append(
                    Item(
                        kind=HOLIDAYS,
                        name=full,
                        first=start,
                        last=end,
                        what="Schools closed",
                        row=HOLIDAYS,
                        short=full.replace(" holiday", ""),
                        standing=school_year.standing,
                        rank=1,
                    )
                )
    return sorted(set(found), key=lambda each: each.first)


def closed_days(window: Window, inset_days: Iterable[date] = ()) -> list[Item]:
    """Bank holidays, and days that schools are closed to pupils for staff training."""
    found = [
        Item(
            kind=HOLIDAYS,
            name=holiday.name,
            first=holiday.day,
            last=holiday.day,
            what="Bank holiday in England",
            row="closed",
            short=_SHORT_HOLIDAYS.get(holiday.name, holiday.name),
            standing=holiday.standing,
            rank=2,
        )
        for year in range(window.first.year, window.last.year + 1)
        for holiday in bank_holidays(year)
        if window.contains(holiday.day)
    ]
    found += [
        Item(
            kind=HOLIDAYS,
            name="Staff training (INSET) day",
            first=day,
            last=day,
            what="Closed to pupils",
            row="closed",
            short="INSET",
            rank=2,
        )
        for day in inset_days
        if window.contains(day)
    ]
    return sorted(found, key=lambda each: each.first)
