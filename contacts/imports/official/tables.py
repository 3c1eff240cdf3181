"""Rows of an official CSV file, value by value.

What a register requires is refused when it is not right. What it leaves to whoever keeps a row
(a postcode, a home page) is often not right in one row of fifty thousand: such a value is left
out, what is held stays, and the import says so.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from contacts.imports.files import BadFile, Line
from contacts.imports.official.sources import Source, refusing

Value = TypeVar("Value")
NOTES_KEPT = 200
# A postcode of the form, wherever its space is.
LOOSE_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) *([0-9][A-Z]{2})")
FORMS = ("%d-%m-%Y", "%d/%m/%Y", "%Y%m%d", "%Y-%m-%d", "%d-%b-%Y")
EARLIEST = date(1900, 1, 2)
LATEST = date(2200, 1, 1)
DATED = re.compile(r"(20[0-9]{2})-?([01][0-9])-?([0-3][0-9])")


@dataclass(slots=True)
class Notes:
    """What was left out, and why: the first few hundred in words, all of them counted."""

    said: list[str] = field(default_factory=list)
    total: int = 0

    def add(self, text: str) -> None:
        """Note one."""
        self.total += 1
        if len(self.said) < NOTES_KEPT:
            self.said.append(text)


def today() -> date:
    """The day in England."""
    return datetime.now(ZoneInfo("Europe/London")).date()


def named_day(name: str) -> date | None:
    """The day that a download's name ends with: edubasealldata20261120.csv."""
    if found := DATED.search(name):
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            return None
    return None


def day_of(line: Line, column: str) -> date | None:
    """A date in any of the publishers' ways of writing it. Raises BadFile."""
    value = line[column]
    if not value:
        return None
    try:
        return _day(value)
    except ValueError:
        line.bad(column, f"{value!r} is not a date like 31-03-2026 or 31/03/2026")


@lru_cache(maxsize=8192)
def _day(value: str) -> date | None:
    for form in FORMS:
        try:
            found = datetime.strptime(value.partition(" ")[0], form).date()  # noqa: DTZ007
        except ValueError:
            continue
        return found if EARLIEST <= found < LATEST else None
    raise ValueError(value)


def lenient(notes: Notes, read: Callable[[], Value]) -> Value | None:
    """What `read` finds, or nothing and a note."""
    try:
        return read()
    except BadFile as problem:
        notes.add(str(problem))
        return None


def postcode_of(line: Line, column: str) -> str:
    """A postcode with its space where it belongs. Raises BadFile."""
    value = line[column].upper()
    if value and (found := LOOSE_POSTCODE.fullmatch(value)):
        return f"{found[1]} {found[2]}"
    return line.postcode(column)


def website_of(line: Line, column: str) -> str:
    """The address of a home page, which registers often give without its beginning."""
    value = line[column]
    if not value or value.lower() in ("http://", "https://"):
        return ""
    if not value.lower().startswith(("http://", "https://")):
        value = f"http://{value}"
    if len(value) > 300 or any(each.isspace() for each in value) or "." not in value:
        line.bad(column, f"{line[column]!r} is not the address of a web page")
    return value


def heading(source: Source) -> list[str]:
    """The first row, stripped."""
    with source.text() as opened:
        try:
            return [name.strip() for name in next(csv.reader(opened, strict=True), [])]
        except csv.Error as problem:
            raise BadFile(source.file, f"is not CSV ({problem})", row=1) from problem


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each column stands, by our name; what the file calls it; how many there are."""

    positions: dict[str, int]
    called: dict[str, str]
    width: int
    headed: bool = True


def lines(source: Source, layout: Layout) -> Iterator[Line]:
    """Every row, each as wide as the layout says. Raises BadFile, also when there is none."""
    positions, called = layout.positions, layout.called
    row = first = 1 if layout.headed else 0
    with source.text() as opened, refusing(source.file):
        reader = csv.reader(opened, strict=True)
        if layout.headed:
            next(reader)
        try:
            for row, values in enumerate(reader, start=first + 1):
                if len(values) != layout.width:
                    if not any(values):
                        continue
                    reason = f"has {len(values)} values, there should be {layout.width}"
                    raise BadFile(source.file, reason, row=row)
                yield Line(source.file, row, positions, values, called)
        except csv.Error as problem:
            reason = f"is not CSV ({problem})"
            raise BadFile(source.file, reason, row=row + 1) from problem
    if row == first:
        raise BadFile(source.file, "has no rows")


@dataclass(slots=True)
class Once:
    """Which key was in which row, so that none is there twice."""

    seen: dict[str, int] = field(default_factory=dict)

    def check(self, line: Line, column: str, key: str) -> None:
        """Refuse a key that was there. Raises BadFile."""
        first = self.seen.setdefault(key, line.row)
        if first != line.row:
            line.bad(column, f"{key!r} is in row {first} already")


def layout_of(
    source: Source,
    header: Sequence[str],
    aliases: dict[str, Sequence[str]],
    required: Sequence[str],
) -> Layout:
    """Where each column stands. Raises BadFile for a required one that is not there."""
    places = {name.casefold(): place for place, name in enumerate(header)}
    found: dict[str, int] = {}
    for ours, theirs in aliases.items():
        for name in theirs:
            if name.casefold() in places:
                found[ours] = places[name.casefold()]
                break
    for ours in required:
        if ours not in found:
            raise BadFile(source.file, "is missing", row=1, column=aliases[ours][0])
    called = {ours: header[place] for ours, place in found.items()}
    return Layout(found, called, len(header))
