"""The period that somebody means by what stands in a cell: `Autumn 2026/27`, `Dec-26`, 2026-12-01.

Pure. What a period is called in Tandem always works, and so do the ways in which spreadsheets
write a month, a quarter and a school year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from contacts.sheets.cells import read_date
from frontend.wording import date_words
from initiatives.measures.models import Period
from initiatives.measures.periods import YEARS_BACK, Span

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
# Words that say no more than what every period of the kind is.
_SAYS_NOTHING = {
    Period.MONTH: frozenset[str](),
    Period.HALF_TERM: frozenset({"half", "term"}),
    Period.TERM: frozenset({"term"}),
    Period.QUARTER: frozenset({"nhs", "quarter"}),
    Period.ACADEMIC_YEAR: frozenset({"academic", "school", "year"}),
    Period.FINANCIAL_YEAR: frozenset({"financial", "year"}),
}
_YEAR = re.compile(r"(?<!\d)(?:20)?(\d\d) ?[/-] ?(?:20)?(\d\d)(?!\d)")
_MONTH_IN_FIGURES = re.compile(r"(?:(\d{1,2})[/-](20\d\d)|(20\d\d)[/-](\d{1,2}))")
_WORD = re.compile(r"[^\W_]+(?:/\d\d)?")

Key = tuple[str, ...]


class NoSuchPeriod(ValueError):
    """No period that can be read, and in words why not."""


def read_period(text: str, kind: str, over: Sequence[Span], to_come: Sequence[Span]) -> Span:
    """The one among the periods that are `over` which the text names.

    Raises NoSuchPeriod for one that runs or is to come, that is too long ago, and for other words.
    """
    period = Period(kind)
    day = _day(text)
    key = _key(text, period)
    if found := _found(over, period, key, day):
        return found
    if found := _found(to_come, period, key, day):
        raise NoSuchPeriod(f"{found.name} is not over. Enter it after {date_words(found.ends_on)}")
    if day is not None and over and day < min(each.starts_on for each in over):
        raise NoSuchPeriod(f"Readings go back {YEARS_BACK} years. Leave this row out")
    label = period.label if period == Period.QUARTER else period.label.lower()
    a = "an" if label[0] in "aN" else "a"
    example = f", like {over[0].name}" if over else ""
    raise NoSuchPeriod(f"Enter {a} {label} of the last {YEARS_BACK} years{example}")


def _found(spans: Sequence[Span], kind: Period, key: Key, day: date | None) -> Span | None:
    for span in spans:
        if day is not None and (
            day in (span.starts_on, span.ends_on)
            or (kind == Period.MONTH and span.starts_on <= day <= span.ends_on)
        ):
            return span
        if key and key == _key(span.name, kind):
            return span
    return None


def _day(text: str) -> date | None:
    try:
        return read_date(text)
    except ValueError:
        return None


def _key(text: str, kind: Period) -> Key:
    """What tells a period from others of its kind, in any order of the words."""
    plain = text.casefold().replace("–", "-")
    if kind == Period.MONTH:
        return _month(plain)
    plain = _YEAR.sub(_year, plain)
    plain = re.sub(r"\bquarter ?(\d)", r"q\1", plain)
    words = (word for word in _WORD.findall(plain) if word not in _SAYS_NOTHING[kind])
    return tuple(sorted(words))


def _year(found: re.Match[str]) -> str:
    first, second = found.groups()
    follows = int(second) == (int(first) + 1) % 100
    return f" 20{first}/{second} " if follows else found[0]


def _month(plain: str) -> Key:
    if found := _MONTH_IN_FIGURES.fullmatch(plain.strip()):
        month = int(found[1] or found[4])
        return (_MONTHS[month - 1], found[2] or found[3]) if 1 <= month <= 12 else ()
    words = re.findall(r"[^\W\d_]+|\d+", plain)
    if len(words) != 2:
        return ()
    name, year = sorted(words, key=str.isdigit)
    names = [each for each in _MONTHS if len(name) >= 3 and each.startswith(name)]
    if not names or len(year) not in (2, 4):
        return ()
    return (names[0], year if len(year) == 4 else f"20{year}")
