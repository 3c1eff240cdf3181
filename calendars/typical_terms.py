"""Typical term dates in England: the shipped table, and a pattern for the other years.

Here: first and last days of the six half terms of any academic year. Not here: what can
be asked of them (`calendars.terms`).

`reference/framework/term_dates_typical_england.csv` holds the years somebody could look
up, with their standing. Any other year follows the pattern below, marked `typical`. The
pattern gives exactly the published rows of the table; a late or early Easter is where real
schools differ most, by up to two weeks, so its dates are never shown without their mark.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from calendars.status import Standing
from calendars.working_days import (
    easter_sunday,
    first_monday,
    last_monday_of_may,
    working_day_from,
)
from calendars.years import AcademicYear

_FILE = (
    Path(__file__).resolve().parent.parent / "reference/framework/term_dates_typical_england.csv"
)
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class HalfTermDates:
    """One row: a half term's first and last school day."""

    name: str
    start: date
    end: date
    standing: Standing


@lru_cache(maxsize=1)
def _shipped() -> dict[AcademicYear, tuple[HalfTermDates, ...]]:
    years: dict[AcademicYear, list[HalfTermDates]] = defaultdict(list)
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            years[AcademicYear.parse(row["academic_year"])].append(
                HalfTermDates(
                    row["half_term"],
                    date.fromisoformat(row["start"]),
                    date.fromisoformat(row["end"]),
                    Standing(row["status"]),
                )
            )
    return {year: tuple(rows) for year, rows in years.items()}


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def _friday_by(day: date) -> date:
    """The Friday on or before a day."""
    return day - _days((day.weekday() - _FRIDAY) % 7)


def _pattern(year: AcademicYear) -> tuple[HalfTermDates, ...]:
    """The usual shape of a school year.

    The week of the fourth Monday in October and of the Monday of 12 to 18 February are
    half terms; two weeks from the Friday by 22 December; two weeks around Easter, which
    begin after Maundy Thursday when Easter is by 4 April and otherwise on the Friday
    nine days before it; the week of the spring bank holiday; the end by 21 July.
    """
    autumn, spring = year.starts_in, year.starts_in + 1
    october = first_monday(date(autumn, 10, 22))
    christmas = _friday_by(date(autumn, 12, 22))
    february = first_monday(date(spring, 2, 12))
    easter = easter_sunday(spring)
    early = easter <= date(spring, 4, 4)
    may = last_monday_of_may(spring)
    july = date(spring, 7, 21)
    weekend = july.weekday() > _FRIDAY
    spans = {
        "Autumn 1": (working_day_from(date(autumn, 9, 1)), october - _days(3)),
        "Autumn 2": (october + _days(7), christmas),
        "Spring 1": (working_day_from(christmas + _days(17)), february - _days(3)),
        "Spring 2": (february + _days(7), easter - _days(3 if early else 9)),
        "Summer 1": (working_day_from(easter + _days(15 if early else 8)), may - _days(3)),
        "Summer 2": (working_day_from(may + _days(7)), _friday_by(july) if weekend else july),
    }
    return tuple(
        HalfTermDates(name, start, end, Standing.TYPICAL) for name, (start, end) in spans.items()
    )


@lru_cache(maxsize=512)
def typical_half_terms(year: AcademicYear) -> tuple[HalfTermDates, ...]:
    """The six half terms of `year`, in order."""
    return _shipped().get(year) or _pattern(year)
