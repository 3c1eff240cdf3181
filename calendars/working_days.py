"""Bank holidays in England and the counting of working days.

Here: which days are bank holidays and how that is known, working days and the arithmetic
of "ten working days". Not here: school days (`calendars.terms`).

Three sources, the surest first, year by year: the copy of the GOV.UK list inside the
`govuk-bank-holidays` package (read offline, England and Wales), then
`reference/framework/bank_holidays_england.csv`, then the standing rule. Only the rule can
be wrong about a year, when an extra holiday is proclaimed or one is moved.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from calendars.status import Standing
from calendars.years import plain_day

_FILE = Path(__file__).resolve().parent.parent / "reference/framework/bank_holidays_england.csv"
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, order=True, slots=True)
class BankHoliday:
    """A weekday on which England does not work."""

    day: date
    name: str
    standing: Standing


def easter_sunday(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the "anonymous" computus, Nature 1876).

    >>> easter_sunday(2027)
    datetime.date(2027, 3, 28)
    """
    century, of_century = divmod(year, 100)
    golden = year % 19
    epact = (
        19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def first_monday(on_or_after: date) -> date:
    """The Monday on or after a day."""
    return on_or_after + timedelta(days=-on_or_after.weekday() % 7)


def last_monday_of_may(year: int) -> date:
    """The usual spring bank holiday."""
    return first_monday(date(year, 5, 25))


def _by_rule(year: int) -> dict[date, str]:
    """The eight standing holidays, moved to the next free weekday when on a weekend."""
    easter = easter_sunday(year)
    found = {
        easter - 2 * _ONE_DAY: "Good Friday",
        easter + _ONE_DAY: "Easter Monday",
        first_monday(date(year, 5, 1)): "Early May bank holiday",
        last_monday_of_may(year): "Spring bank holiday",
        first_monday(date(year, 8, 25)): "Summer bank holiday",
    }
    fixed = {
        date(year, 1, 1): "New Year’s Day",
        date(year, 12, 25): "Christmas Day",
        date(year, 12, 26): "Boxing Day",
    }
    weekdays = {day: name for day, name in fixed.items() if day.weekday() < _SATURDAY}
    found.update(weekdays)
    for day, name in fixed.items():
        if day in weekdays:
            continue
        substitute = day
        while substitute.weekday() >= _SATURDAY or substitute in found:
            substitute += _ONE_DAY
        found[substitute] = name
    return found


@lru_cache(maxsize=1)
def _published() -> dict[int, dict[date, str]]:
    """The package's copy of the GOV.UK list, by year; only years listed to their end."""
    # Imported here because it pulls in an HTTP client that offline use never needs.
    from govuk_bank_holidays.bank_holidays import BankHolidays

    listed = BankHolidays(use_cached_holidays=True)
    years: dict[int, dict[date, str]] = defaultdict(dict)
    for holiday in listed.get_holidays(division=BankHolidays.ENGLAND_AND_WALES):
        years[holiday["date"].year][holiday["date"]] = holiday["title"]
    return {year: days for year, days in years.items() if max(days).month == 12}


@lru_cache(maxsize=1)
def _shipped() -> dict[int, dict[date, str]]:
    """Our own file, by year; days that fall on a weekend anyway are left out."""
    years: dict[int, dict[date, str]] = defaultdict(dict)
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["non_working"] == "yes":
                day = date.fromisoformat(row["date"])
                years[day.year][day] = (
                    row["name"].replace("'", "’").removesuffix(" (substitute day)")
                )
    return dict(years)


@lru_cache(maxsize=512)
def bank_holidays(year: int) -> tuple[BankHoliday, ...]:
    """England's bank holidays in a calendar year, in order.

    >>> [str(h.day) for h in bank_holidays(2027) if h.name == "Christmas Day"]
    ['2027-12-27']
    """
    listed = _published().get(year) or _shipped().get(year)
    standing = Standing.PUBLISHED if listed else Standing.RULE
    days = listed or _by_rule(year)
    return tuple(BankHoliday(day, name, standing) for day, name in sorted(days.items()))


@lru_cache(maxsize=512)
def _by_day(year: int) -> dict[date, BankHoliday]:
    return {holiday.day: holiday for holiday in bank_holidays(year)}


def bank_holiday_on(day: date) -> BankHoliday | None:
    """The bank holiday on `day`, if it is one."""
    return _by_day(plain_day(day).year).get(day)


def is_working_day(day: date) -> bool:
    """Monday to Friday and not a bank holiday in England."""
    return plain_day(day).weekday() < _SATURDAY and bank_holiday_on(day) is None


def working_day_from(day: date) -> date:
    """`day` if it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def next_working_day(day: date) -> date:
    """The first working day after `day`.

    >>> next_working_day(date(2027, 3, 25))
    datetime.date(2027, 3, 30)
    """
    return working_day_from(plain_day(day) + _ONE_DAY)


def previous_working_day(day: date) -> date:
    """The last working day before `day`."""
    day = plain_day(day) - _ONE_DAY
    while not is_working_day(day):
        day -= _ONE_DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """The working day that is `count` working days after `day`; `day` itself is not counted.

    Asked on Thursday 18 March 2027, an answer is due within ten working days, two of
    which Easter pushes back:

    >>> add_working_days(date(2027, 3, 18), 10)
    datetime.date(2027, 4, 5)

    With 0 the answer is `day`, or the working day after it when it is none. A negative
    count goes back.
    """
    if count == 0:
        return working_day_from(plain_day(day))
    step = next_working_day if count > 0 else previous_working_day
    for _ in range(abs(count)):
        day = step(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first`, up to and including `last`; never negative.

    >>> working_days_between(date(2027, 3, 18), date(2027, 4, 5))
    10
    """
    span = (plain_day(last) - plain_day(first)).days
    return sum(is_working_day(first + _ONE_DAY * offset) for offset in range(1, span + 1))
