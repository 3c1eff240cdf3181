"""The days on which a repeating entry happens, within a window, at a bounded cost.

The libraries at hand walk from the entry's first day to the year 9999 when a rule never comes
true (30 February, daily: seconds of work each). Here a rule is asked period by period inside the
window, every day looked at is counted, and the caller's purse of days may run out. Tests hold it
against `dateutil`.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from calendars.ics.limits import MOST_OF_ONE_ENTRY

_ONE_DAY = timedelta(days=1)
_DAYS = {name: at for at, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_BY_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_READ = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY", "BYYEARDAY"} | {
    "BYDAY",
    "BYSETPOS",
}


class TooOften(ValueError):
    """It repeats more often than Tandem reads."""


class NotRead(ValueError):
    """A rule that is broken, or of a kind that Tandem does not read."""


@dataclass(slots=True)
class Purse:
    """How many days may still be looked at; shared by all entries of a calendar."""

    left: int

    def spend(self, days: int) -> None:
        """Take some out; raises TooOften when there are none left."""
        self.left -= days
        if self.left < 0:
            raise TooOften("more than can be looked at")


@dataclass(frozen=True, slots=True)
class Rule:
    """An RRULE, whole days only: FREQ is DAILY, WEEKLY, MONTHLY or YEARLY."""

    every: str
    interval: int = 1
    count: int | None = None
    until: str = ""
    week_starts: int = 0
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    # Weekday and its place in the month or year; 0 is every one.
    week_days: frozenset[tuple[int, int]] = field(default=frozenset())
    places: tuple[int, ...] = ()

    @classmethod
    def read(cls, value: str) -> Rule:
        """Read one; raises NotRead, or TooOften for what repeats within a day."""
        parts = {
            name.strip().upper(): given.strip().upper()
            for name, mark, given in (part.partition("=") for part in value.split(";"))
            if mark
        }
        every = parts.get("FREQ", "")
        if every in ("HOURLY", "MINUTELY", "SECONDLY"):
            raise TooOften("more than once a day")
        if every not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY") or parts.keys() - _READ:
            raise NotRead("not a rule that is read")
        try:
            return cls(
                every,
                interval=_at_least_one(parts.get("INTERVAL", "1")),
                count=_at_least_one(parts["COUNT"]) if "COUNT" in parts else None,
                until=parts.get("UNTIL", ""),
                week_starts=_DAYS[parts.get("WKST", "MO")],
                months=_numbers(parts, "BYMONTH", 1, 12),
                month_days=_numbers(parts, "BYMONTHDAY", -31, 31),
                year_days=_numbers(parts, "BYYEARDAY", -366, 366),
                week_days=_week_days(parts.get("BYDAY", "")),
                places=tuple(sorted(_numbers(parts, "BYSETPOS", -366, 366))),
            )
        except (ValueError, KeyError) as problem:
            raise NotRead("not a rule that is read") from problem


def _at_least_one(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError(text)
    return max(int(text), 1)


def _numbers(parts: dict[str, str], name: str, low: int, high: int) -> frozenset[int]:
    if name not in parts:
        return frozenset()
    found = frozenset(int(each) for each in parts[name].split(",")[:400])
    if not all(low <= each <= high and each for each in found):
        raise ValueError(name)
    return found


def _week_days(text: str) -> frozenset[tuple[int, int]]:
    found = set()
    for each in text.split(",")[:400] if text else []:
        match = _BY_DAY.fullmatch(each.strip())
        if not match:
            raise ValueError(each)
        found.add((_DAYS[match[2]], int(match[1] or 0)))
    return frozenset(found)


def days_of(
    rule: Rule, began: date, first: date, last: date, purse: Purse, ends: date | None = None
) -> list[date]:
    """The days from `first` to `last` on which an entry that began on `began` happens.

    `ends` is the day of UNTIL. The day it began counts as the first, as every calendar program
    has it. Raises TooOften when there are more than Tandem reads.
    """
    last = last if ends is None else min(last, ends)
    found: list[date] = []
    left = rule.count
    for day in _from(rule, began, first, last, purse):
        if left is not None:
            if left == 0:
                break
            left -= 1
        if first <= day <= last:
            found.append(day)
            if len(found) > MOST_OF_ONE_ENTRY:
                raise TooOften("too many")
    return found


def _from(rule: Rule, began: date, first: date, last: date, purse: Purse) -> Iterator[date]:
    """Its days in order up to `last`; those before `first` only when they have to be counted."""
    if began <= last:
        yield began
    step = 0 if rule.count is not None else _steps_before(rule, began, first)
    rule_days = _with_defaults(rule, began)
    while True:
        period = _period(rule, began, step)
        if period is None or period[0] > last:
            return
        start, end = period
        purse.spend((end - start).days + 1 if rule.every != "DAILY" else 1)
        matching = [day for day in _days(start, end) if _fits(rule_days, day)]
        for day in _at_places(rule.places, matching):
            if began < day <= last:
                yield day
        step += 1


def _steps_before(rule: Rule, began: date, first: date) -> int:
    """A number of periods that surely ends before the window, to begin near it."""
    longest = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}[rule.every]
    return max(0, (first - began).days // (longest * rule.interval) - 1)


def _period(rule: Rule, began: date, step: int) -> tuple[date, date] | None:
    """First and last day of the period that lies `step` intervals after the first one."""
    ahead = step * rule.interval
    try:
        if rule.every == "DAILY":
            day = began + _ONE_DAY * ahead
            return day, day
        if rule.every == "WEEKLY":
            monday = began - _ONE_DAY * ((began.weekday() - rule.week_starts) % 7)
            start = monday + 7 * _ONE_DAY * ahead
            return start, start + 6 * _ONE_DAY
        if rule.every == "MONTHLY":
            months = began.year * 12 + began.month - 1 + ahead
            year, month = divmod(months, 12)
            return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])
        return date(began.year + ahead, 1, 1), date(began.year + ahead, 12, 31)
    except (OverflowError, ValueError):
        return None


def _days(start: date, end: date) -> Iterator[date]:
    for at in range((end - start).days + 1):
        yield start + _ONE_DAY * at


def _with_defaults(rule: Rule, began: date) -> Rule:
    """The rule with what it leaves to its first day said outright (RFC 5545, section 3.3.10)."""
    if rule.month_days or rule.year_days or rule.week_days or rule.every == "DAILY":
        return rule
    months, month_days, week_days = rule.months, rule.month_days, rule.week_days
    if rule.every == "WEEKLY":
        week_days = frozenset({(began.weekday(), 0)})
    else:
        month_days = frozenset({began.day})
        if rule.every == "YEARLY" and not months:
            months = frozenset({began.month})
    return Rule(rule.every, months=months, month_days=month_days, week_days=week_days)


def _fits(rule: Rule, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    length = monthrange(day.year, day.month)[1]
    if rule.month_days and not {day.day, day.day - length - 1} & rule.month_days:
        return False
    if rule.year_days:
        at, year_length = _year_place(day)
        if not {at, at - year_length - 1} & rule.year_days:
            return False
    return not rule.week_days or any(
        weekday == day.weekday() and (not place or _is_place(rule, day, place, length))
        for weekday, place in rule.week_days
    )


def _year_place(day: date) -> tuple[int, int]:
    """Which day of its year it is, and of how many."""
    return day.timetuple().tm_yday, 366 if isleap(day.year) else 365


def _is_place(rule: Rule, day: date, place: int, length: int) -> bool:
    """Whether it is that weekday of its month (of its year, in a yearly rule without months)."""
    if rule.every not in ("MONTHLY", "YEARLY"):
        return True
    at = day.day
    if rule.every == "YEARLY" and not rule.months:
        at, length = _year_place(day)
    return place in ((at - 1) // 7 + 1, -((length - at) // 7) - 1)


def _at_places(places: tuple[int, ...], days: list[date]) -> list[date]:
    """Those that BYSETPOS picks, counted from the front or (negative) from the back."""
    if not places:
        return days
    numbered = enumerate(days, start=1)
    return [day for at, day in numbered if at in places or at - len(days) - 1 in places]
