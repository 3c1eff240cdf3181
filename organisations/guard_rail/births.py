"""Dates of birth in a text: a whole date to which the words say that somebody was born on it.

Here: the words, the ways to write a date, and which of the two may stand first. A date alone is
none, and neither is a birth without a whole date: records are full of days on which people meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from organisations.guard_rail.findings import Finding, IdentifierKind
from organisations.guard_rail.reading import DOTS, HYPHENS, SLASHES, SPACES, Reading

EARLIEST_YEAR = 1900
# A year of two figures from here on is of the century before.
_CENTURY = 100

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<{0}>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<{0}>(?:19|20)\d\d|['\u2019]?\d\d)"
_MARK = rf"[{SPACES}]?[{DOTS}{HYPHENS}{SLASHES}_,{SPACES}][{SPACES}]?"
_GAP = rf"[{SPACES},{DOTS}{HYPHENS}{SLASHES}]{{0,3}}(?:of[{SPACES}]{{1,3}})?"
_DATE = "|".join(
    (
        # 3/4/2012, 03-04-12, 3 . 4 . 2012
        _DAY.format("d1") + _MARK + r"(?P<m1>[01]?\d)" + _MARK + _YEAR.format("y1"),
        # 2012-04-03
        r"(?P<y2>(?:19|20)\d\d)" + _MARK + r"(?P<m2>[01]?\d)" + _MARK + r"(?P<d2>[0-3]?\d)",
        # 3rd April 2012, 3 of Apr '12
        _DAY.format("d3") + _GAP + _MONTH.format("n3") + _GAP + _YEAR.format("y3"),
        # April 3, 2012
        _MONTH.format("n4") + _GAP + _DAY.format("d4") + _GAP + _YEAR.format("y4"),
        # 03042012
        r"(?P<d5>[0-3]\d)(?P<m5>[01]\d)(?P<y5>(?:19|20)\d\d)",
    )
)
_WHOLE_DATE = re.compile(rf"(?<!\d)(?:{_DATE})(?!\d)", re.IGNORECASE)
_DOTTED = rf"d[{DOTS}]?[{SPACES}]?o[{DOTS}]?[{SPACES}]?b\b[{DOTS}]?"
_LABEL = re.compile(
    rf"(?<![^\W_])(?:{_DOTTED}|dates?[{SPACES}_{HYPHENS}]{{1,3}}of[{SPACES}_{HYPHENS}]{{1,3}}births?"
    rf"|births?[{SPACES}_{HYPHENS}]{{0,3}}dates?|born)(?![^\W_])",
    re.IGNORECASE,
)
# What may stand between the words and the date: "(DOB): ", "date of birth is the ", "born on ".
_BETWEEN = re.compile(
    rf"[{SPACES}:=()\[\]|,;.{HYPHENS}\"']{{0,6}}"
    rf"(?:(?:is|was|on|the|of|as|given|dd|mm|yyyy|yy)(?![^\W_])[{SPACES}:=()/|{HYPHENS}]{{0,6}}){{0,4}}",
    re.IGNORECASE,
)
# "03/04/2012 (DOB)"; born comes before its date, so it is not looked for here.
_BEFORE = re.compile(rf"[{SPACES}(\[,:{HYPHENS}]{{0,4}}\Z")
_LONGEST_DATE = 32
_FIELD_WORDS = frozenset({"dob", "birth", "birthdate", "born"})


def find_dates_of_birth(reading: Reading) -> Iterator[Finding]:
    """Every whole date with such words just before it or just after."""
    if reading.label_words & _FIELD_WORDS:
        for day in filter(_is_past, _WHOLE_DATE.finditer(reading.text)):
            yield _finding(reading, *day.span())
        return
    for label in _LABEL.finditer(reading.text):
        between = _BETWEEN.match(reading.text, label.end())
        after = between.end() if between else label.end()
        found = _WHOLE_DATE.match(reading.text, after)
        if found is not None and _is_past(found):
            yield _finding(reading, *found.span())
        elif label[0].lower() != "born":
            yield from _date_before(reading, label.start())


def _date_before(reading: Reading, end: int) -> Iterator[Finding]:
    """The date that ends just before a label."""
    gap = _BEFORE.search(reading.text[max(0, end - _LONGEST_DATE) : end])
    at = end - (len(gap[0]) if gap else 0)
    start = max(0, at - _LONGEST_DATE)
    for found in _WHOLE_DATE.finditer(reading.text, start, at):
        if found.end() == at and _is_past(found):
            yield _finding(reading, *found.span())


def _finding(reading: Reading, start: int, end: int) -> Finding:
    return Finding(IdentifierKind.DATE_OF_BIRTH, *reading.original_span(start, end))


def _is_past(found: re.Match[str]) -> bool:
    """Whether it is a day of the calendar on which somebody alive may have been born."""
    parts = {name[0]: value for name, value in found.groupdict().items() if value}
    month = int(parts["m"]) if "m" in parts else _MONTHS.index(parts["n"][:3].lower()) + 1
    today = datetime.now(UTC).date()
    year = int(parts["y"].lstrip("'\u2019"))
    if year < _CENTURY:
        year += today.year // _CENTURY * _CENTURY
        if year > today.year:
            year -= _CENTURY
    try:
        return year >= EARLIEST_YEAR and date(year, month, int(parts["d"])) <= today
    except ValueError:
        return False
