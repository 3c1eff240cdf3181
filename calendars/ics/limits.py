"""How much of somebody else's calendar Tandem reads; every limit is here."""

from __future__ import annotations

from datetime import date, timedelta

LARGEST = 2 * 1024 * 1024  # bytes
MOST_COMPONENTS = 5_000
# Dates that repeating entries come to, in the whole calendar and for one entry.
MOST_RECURRENCES = 1_000
MOST_OF_ONE_ENTRY = 400
# How many days may be looked at to find them: it bounds the time, whatever a rule says.
MOST_DAYS_LOOKED_AT = 300_000
LONGEST_NAME = 120
YEARS_BACK, YEARS_AHEAD = 2, 3
_YEAR = 366


def window(today: date) -> tuple[date, date]:
    """The first and the last day that are read.

    >>> [str(day) for day in window(date(2028, 2, 29))]
    ['2026-02-27', '2031-03-03']
    """
    return today - timedelta(days=_YEAR * YEARS_BACK), today + timedelta(days=_YEAR * YEARS_AHEAD)
