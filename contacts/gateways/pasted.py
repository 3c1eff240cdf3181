"""Dates as people paste them from a council's page: one a line, in the usual ways to write one."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.core.exceptions import ValidationError

WAYS = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d")
WEEKDAY = re.compile(r"^(mon|tues?|wed(nes)?|thurs?|fri|satur|sun)(day)?,?\s+", re.IGNORECASE)
ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b", re.IGNORECASE)


def dates_in(text: str) -> list[date]:
    """The dates, in the order typed, each once. Raises ValidationError, naming the line."""
    found: dict[date, None] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        typed = line.strip().rstrip(".;,")
        if not typed:
            continue
        day = _date(ORDINAL.sub("", WEEKDAY.sub("", typed)))
        if day is None:
            raise ValidationError(
                f"Line {number}: “{typed[:40]}” is not a date. Write it like 3 December 2026"
            )
        found[day] = None
    return list(found)


def _date(text: str) -> date | None:
    plain = " ".join(text.split())
    for way in WAYS:
        try:
            return datetime.strptime(plain, way).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None
