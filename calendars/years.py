"""The school year, the NHS year and the NHS quarter as types.

Here: which year and quarter a day belongs to, their first and last days, labels, order
and ranges. Not here: terms and holidays (`calendars.terms`), working days
(`calendars.working_days`). Everything is pure; nothing asks what today is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Self

_LABEL = re.compile(r"\s*([0-9]{4})\s*[/\-\u2010-\u2015]\s*([0-9]{2}|[0-9]{4})\s*", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1, 9998


def plain_day(day: date) -> date:
    """`day` itself; raises TypeError for a moment, whose day depends on the place.

    Use `calendars.london.london_day` to turn a moment into a day first.
    """
    if isinstance(day, datetime):
        raise TypeError("Give a day, not a moment: turn it into a day with london_day() first.")
    return day


@dataclass(frozen=True, order=True, slots=True)
class _TwelveMonths:
    """A year that begins on the first of a month other than January."""

    starts_in: int
    first_month: ClassVar[int]

    def __post_init__(self) -> None:
        if not _FIRST_YEAR <= self.starts_in <= _LAST_YEAR:
            raise ValueError(f"No such year: it would begin in {self.starts_in}.")

    @classmethod
    def of(cls, day: date) -> Self:
        """The year that `day` belongs to."""
        plain_day(day)
        return cls(day.year if day.month >= cls.first_month else day.year - 1)

    @classmethod
    def parse(cls, label: str) -> Self:
        """Read "2027/28", "2027-28" or "2027/2028"; raises ValueError saying what is expected."""
        match = _LABEL.fullmatch(label)
        if match:
            first, second = int(match[1]), match[2]
            if f"{first + 1:04d}".endswith(second):
                return cls(first)
        raise ValueError("Write the year like 2027/28: two years that follow each other.")

    @classmethod
    def between(cls, first: date, last: date) -> list[Self]:
        """Every year touched by the days `first` to `last`, both included, in order."""
        return [
            cls(number) for number in range(cls.of(first).starts_in, cls.of(last).starts_in + 1)
        ]

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.starts_in, self.first_month, 1)

    @property
    def end(self) -> date:
        """The last day, included."""
        return date(self.starts_in + 1, self.first_month, 1) - timedelta(days=1)

    @property
    def label(self) -> str:
        """As people write it, like "2027/28"."""
        return f"{self.starts_in:04d}/{(self.starts_in + 1) % 100:02d}"

    @property
    def next(self) -> Self:
        """The year after."""
        return type(self)(self.starts_in + 1)

    @property
    def previous(self) -> Self:
        """The year before."""
        return type(self)(self.starts_in - 1)

    def contains(self, day: date) -> bool:
        """Whether `day` falls in this year."""
        return self.start <= plain_day(day) <= self.end

    def days(self) -> Iterator[date]:
        """Every day of the year, in order."""
        for offset in range((self.end - self.start).days + 1):
            yield self.start + timedelta(days=offset)

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, order=True, slots=True)
class AcademicYear(_TwelveMonths):
    """The school year, 1 September to 31 August.

    >>> AcademicYear.of(date(2028, 8, 31)).label
    '2027/28'
    >>> AcademicYear.parse("2027-28").next.start
    datetime.date(2028, 9, 1)
    """

    first_month: ClassVar[int] = 9


@dataclass(frozen=True, order=True, slots=True)
class FinancialYear(_TwelveMonths):
    """The NHS and council year, 1 April to 31 March.

    >>> FinancialYear.of(date(2028, 3, 31)).label
    '2027/28'
    >>> [str(quarter) for quarter in FinancialYear(2027).quarters]
    ['Q1 2027/28', 'Q2 2027/28', 'Q3 2027/28', 'Q4 2027/28']
    """

    first_month: ClassVar[int] = 4

    @property
    def quarters(self) -> tuple[Quarter, Quarter, Quarter, Quarter]:
        """Its four quarters, in order."""
        return Quarter(self, 1), Quarter(self, 2), Quarter(self, 3), Quarter(self, 4)


_QUARTER_MONTHS = {
    1: "April to June",
    2: "July to September",
    3: "October to December",
    4: "January to March",
}


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A quarter of the NHS year: Q1 is April to June.

    >>> Quarter.of(date(2028, 1, 1)).label
    'Q4 2027/28'
    >>> Quarter.parse("q4 2027/28").next.label
    'Q1 2028/29'
    """

    year: FinancialYear
    number: int

    def __post_init__(self) -> None:
        if self.number not in _QUARTER_MONTHS:
            raise ValueError("A year has quarters 1 to 4.")

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter that `day` belongs to."""
        return cls(FinancialYear.of(day), (day.month - 4) % 12 // 3 + 1)

    @classmethod
    def parse(cls, label: str) -> Self:
        """Read "Q1 2027/28"; raises ValueError saying what is expected."""
        name, _, year = label.strip().partition(" ")
        if name.upper() in ("Q1", "Q2", "Q3", "Q4"):
            return cls(FinancialYear.parse(year), int(name[1]))
        raise ValueError("Write the quarter like Q1 2027/28.")

    @classmethod
    def between(cls, first: date, last: date) -> list[Quarter]:
        """Every quarter touched by the days `first` to `last`, both included, in order."""
        years = FinancialYear.between(first, last)
        quarters = (quarter for year in years for quarter in year.quarters)
        return [quarter for quarter in quarters if cls.of(first) <= quarter <= cls.of(last)]

    @property
    def start(self) -> date:
        """The first day."""
        months = 3 + 3 * (self.number - 1)
        return date(self.year.starts_in + months // 12, months % 12 + 1, 1)

    @property
    def end(self) -> date:
        """The last day, included."""
        return self.year.end if self.number == 4 else self.next.start - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        """The quarter after."""
        if self.number == 4:
            return Quarter(self.year.next, 1)
        return Quarter(self.year, self.number + 1)

    @property
    def previous(self) -> Quarter:
        """The quarter before."""
        if self.number == 1:
            return Quarter(self.year.previous, 4)
        return Quarter(self.year, self.number - 1)

    @property
    def label(self) -> str:
        """As people write it, like "Q1 2027/28"."""
        return f"Q{self.number} {self.year.label}"

    @property
    def months(self) -> str:
        """Its months in words, like "April to June"."""
        return _QUARTER_MONTHS[self.number]

    def contains(self, day: date) -> bool:
        """Whether `day` falls in this quarter."""
        return self.start <= plain_day(day) <= self.end

    def __str__(self) -> str:
        return self.label
