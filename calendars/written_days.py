"""Days as people write them: "Tuesday 1 September 2026", "1/9/26", "2026-09-01", "26–30 October".

Here: one day typed into a box, and every day in a line of text with where it stands. Not here:
what those days mean (`calendars.pasted_terms`). The day comes before the month, as in England; a
day without a year is taken from the academic year that is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from calendars.london import day_in_words
from calendars.years import AcademicYear

MONTHS = (
    "january february march april may june july august september october november december"
).split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_FEBRUARY, _AUGUST, _SEPTEMBER = 2, 8, 9

_WEEKDAY = (
    r"(?:(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|"
    r"fri(?:day)?|sat(?:urday)?|sun(?:day)?)\.?,?\s+)?(?:the\s+)?"
)
MONTH_NAMES = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MONTH = rf"(?P<month>{MONTH_NAMES})(?![a-z])\.?"
_ORDINAL = r"(?:st|nd|rd|th)?"
_DAY = rf"(?P<day>\d{{1,2}}){_ORDINAL}"
# Not the day of what follows, as in "1 Sep - 23 Oct".
_YEAR = (
    r"(?:(?:,?\s+|-)(?P<year>\d{4}|\d{2})(?![\d/:]|\.\d|st|nd|rd|th|\s*(?:of\s+)?"
    rf"{MONTH_NAMES}))?"
)
_IN_WORDS = re.compile(
    rf"(?<![\w/.]){_WEEKDAY}{_DAY}[\s\-]*(?:of\s+)?{_MONTH}{_YEAR}(?!\w)", re.IGNORECASE | re.ASCII
)
_MONTH_FIRST = re.compile(
    rf"(?<![\w/.]){_WEEKDAY}{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})(?!\w)",
    re.IGNORECASE | re.ASCII,
)
_ISO = re.compile(
    r"(?<![\w/.])(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?![\d/])(?:T[\d:.]+Z?)?",
    re.ASCII,
)
_NUMBERS = re.compile(
    rf"(?<![\w/.]){_WEEKDAY}(?P<day>\d{{1,2}})(?P<mark>[/.\-])(?P<month>\d{{1,2}})(?P=mark)"
    r"(?P<year>\d{4}|\d{2})(?![\d/])(?:\s+00:00(?::00)?)?",
    re.IGNORECASE | re.ASCII,
)
_WAYS = (_ISO, _NUMBERS, _IN_WORDS, _MONTH_FIRST)
# The first day of "26 to 30 October", which leaves its month to the second.
_SHORT = re.compile(
    rf"(?<![\w/.\-]){_WEEKDAY}{_DAY}\s*(?:-|\u2010|\u2011|\u2012|\u2013|\u2014|\bto\b|\buntil\b|\band\b|&)\s*$",
    re.IGNORECASE | re.ASCII,
)


class NoSuchDay(ValueError):
    """What is written is no day; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Written:
    """A day found in a line: where it stands, and the day, or why it is none."""

    begins: int
    ends: int
    text: str
    day: date | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Parts:
    day: int
    month: int
    year: int | None
    weekday: int | None
    begins: int
    ends: int


def read_day(text: str, year: AcademicYear) -> date:
    """The one day that a text is; without a year it is the day in `year`.

    >>> read_day("Tues 1st Sept", AcademicYear(2026)), read_day("01/09/26", AcademicYear(2026))
    (datetime.date(2026, 9, 1), datetime.date(2026, 9, 1))

    Raises NoSuchDay.
    """
    plain = " ".join(text.split()).strip(" ,;.")
    for way in _WAYS:
        match = way.fullmatch(plain)
        if match:
            return _day(_parts(match), plain, year)
    raise NoSuchDay(f"“{plain[:40]}” is not a date. Write it like 1 September {year.starts_in}")


def days_in(line: str, year: AcademicYear) -> list[Written]:
    """Every day in a line, in order, whether or not there is such a day."""
    found: list[_Parts] = []
    for match in _matches(line):
        parts = _parts(match)
        # What "26 to" lacks stands in the day behind it.
        before = line[found[-1].ends if found else 0 : match.start()]
        short = _SHORT.search(before)
        if short and parts.day:
            found.append(_short(short, parts, len(line[: match.start()]) - len(before)))
        found.append(parts)
    return [_written(line, parts, behind, year) for parts, behind in _with_behind(line, found)]


def _matches(line: str) -> Iterator[re.Match[str]]:
    """What reads as a day, from left to right, no two overlapping."""
    found = sorted(
        (match for way in _WAYS for match in way.finditer(line)),
        key=lambda match: (match.start(), -match.end()),
    )
    end = 0
    for match in found:
        if match.start() >= end:
            end = match.end()
            yield match


def _parts(match: re.Match[str]) -> _Parts:
    named = match.groupdict()
    month = named["month"].lower()
    year = named.get("year")
    weekday = named.get("weekday")
    return _Parts(
        day=int(named["day"]),
        month=int(month) if month.isdigit() else _place(MONTHS, month) + 1,
        year=None if year is None else int(year) + (2000 if len(year) == 2 else 0),
        weekday=_place(WEEKDAYS, weekday.lower()) if weekday else None,
        begins=match.start(),
        ends=match.end(),
    )


def _place(words: list[str], beginning: str) -> int:
    return next(place for place, word in enumerate(words) if word.startswith(beginning[:3]))


def _short(match: re.Match[str], behind: _Parts, offset: int) -> _Parts:
    weekday = match["weekday"]
    return _Parts(
        day=int(match["day"]),
        month=behind.month,
        year=behind.year,
        weekday=_place(WEEKDAYS, weekday.lower()) if weekday else None,
        begins=offset + match.start(),
        ends=offset + match.end("day"),
    )


def _with_behind(line: str, found: list[_Parts]) -> Iterator[tuple[_Parts, _Parts | None]]:
    """Each with the one that ends its range, where only that has a year."""
    for place, parts in enumerate(found):
        behind = found[place + 1] if place + 1 < len(found) else None
        joined = behind is not None and joins(line[parts.ends : behind.begins])
        yield parts, behind if joined else None


_BETWEEN = re.compile(
    r"(?:st|nd|rd|th)?[\s,;|\t]*(?:-|\u2010|\u2011|\u2012|\u2013|\u2014|to|until|till|through|"
    r"up to|ends?|ending|and ends?(?: on)?|end date:?)?[\s,;|\t:]*(?:on\s+)?",
    re.IGNORECASE | re.ASCII,
)


def joins(between: str) -> bool:
    """Whether what stands between two days makes one range of them."""
    return _BETWEEN.fullmatch(between) is not None


def _written(line: str, parts: _Parts, behind: _Parts | None, year: AcademicYear) -> Written:
    text = " ".join(line[parts.begins : parts.ends].split())
    if parts.year is None and behind is not None and behind.year is not None:
        across = parts.month > behind.month
        parts = _Parts(
            parts.day,
            parts.month,
            behind.year - across,
            parts.weekday,
            parts.begins,
            parts.ends,
        )
    try:
        return Written(parts.begins, parts.ends, text, _day(parts, text, year))
    except NoSuchDay as problem:
        return Written(parts.begins, parts.ends, text, None, str(problem))


def _day(parts: _Parts, text: str, year: AcademicYear) -> date:
    number = _year_of(parts, year)
    if not 1 <= parts.month <= len(MONTHS):
        raise NoSuchDay(f"“{text}” is not a date. Write the day before the month, like 1/9/2026")
    try:
        day = date(number, parts.month, parts.day)
    except ValueError:
        raise NoSuchDay(_why_not(parts, number)) from None
    if parts.weekday is not None and day.weekday() != parts.weekday:
        raise NoSuchDay(
            f"{day_in_words(day)} is a {WEEKDAYS[day.weekday()].capitalize()}, not a "
            f"{WEEKDAYS[parts.weekday].capitalize()}. Check the date and its year"
        )
    return day


def _year_of(parts: _Parts, year: AcademicYear) -> int:
    """The year written, or the one in which the academic year has that month."""
    if parts.year is not None:
        return parts.year
    return year.starts_in if parts.month >= _SEPTEMBER else year.starts_in + 1


def _why_not(parts: _Parts, year: int) -> str:
    if not date.min.year <= year <= date.max.year:
        return f"There is no year {year}"
    month = MONTHS[parts.month - 1].capitalize()
    if (parts.day, parts.month) == (29, _FEBRUARY):
        return f"There is no 29 February {year}: {year} is not a leap year"
    return f"There is no {parts.day} {month} {year}"
