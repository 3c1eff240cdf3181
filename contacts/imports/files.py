"""Reading a published file: a CSV by column name, value by value, refusing what is not right.

Every refusal names the file, the row as a person counts it (the header is row 1) and the
column. What the values mean is not known here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import yaml

POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}")
# What remains of letters that a publisher's own conversion lost.
LOST = "�"
MENDED = {"FIERT�": "FIERTÉ", "ARET�": "ARETÉ", "� Becket": "à Becket"}
# Control characters that are really punctuation of Windows-1252.
WINDOWS = {0x85: "…", 0x91: "'", 0x92: "'", 0x93: '"', 0x94: '"', 0x96: "–", 0x97: "–", 0xA0: " "}


class BadFile(Exception):
    """A file that cannot be read as what it should be; the text says where and why."""

    def __init__(
        self, file: Path, reason: str, *, row: int | None = None, column: str | None = None
    ) -> None:
        place = [file.name]
        if row is not None:
            place.append(f"row {row}")
        if column is not None:
            place.append(f"column {column}")
        super().__init__(f"{', '.join(place)}: {reason}")


def read_yaml(file: Path) -> Any:
    """What a YAML file says. Raises BadFile."""
    try:
        return yaml.safe_load(file.read_text("utf-8"))
    except OSError as problem:
        raise BadFile(file, f"cannot be read ({problem.strerror})") from problem
    except (UnicodeDecodeError, yaml.YAMLError) as problem:
        raise BadFile(file, f"is not YAML ({problem})") from problem


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file, by column name."""

    file: Path
    row: int
    positions: dict[str, int]
    values: Sequence[str]
    # What the file calls a column that goes by another name here.
    called: Mapping[str, str] | None = None

    def bad(self, column: str, reason: str) -> NoReturn:
        """Refuse the value in a column. Raises BadFile."""
        if self.called is not None:
            column = self.called[column]
        raise BadFile(self.file, reason, row=self.row, column=column)

    def __getitem__(self, column: str) -> str:
        return self.values[self.positions[column]].strip()

    def text(self, column: str, *, longest: int, required: bool = False) -> str:
        """Words without stray spaces, control characters or lost letters."""
        value = self[column]
        if not value.isascii() or "  " in value:
            value = mended(value)
        if not value.isprintable():
            self.bad(column, "has characters that cannot be printed")
        if required and not value:
            self.bad(column, "is empty")
        if len(value) > longest:
            self.bad(column, f"has {len(value)} characters, at most {longest} fit")
        return value

    def day(self, column: str, form: str) -> date | None:
        """A date written as `form` (strptime); 1 January 1900 means that nobody knew."""
        value = self[column]
        if not value:
            return None
        try:
            found = _day(value, form)
        except ValueError:
            self.bad(column, f"{value!r} is not a date like {date(2026, 4, 1).strftime(form)}")
        return None if found == date(1900, 1, 1) else found

    def whole(self, column: str, *, most: int) -> int | None:
        """A whole number from 0."""
        value = self[column]
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and int(value) <= most):
            self.bad(column, f"{value!r} is not a whole number from 0 to {most}")
        return int(value)

    def number(self, column: str, least: float, most: float) -> float | None:
        """A decimal number within bounds."""
        value = self[column]
        if not value:
            return None
        try:
            found = float(value)
        except ValueError:
            found = float("nan")
        if not least <= found <= most:
            self.bad(column, f"{value!r} is not a number from {least:g} to {most:g}")
        return found

    def share(self, column: str) -> float:
        """A part of one, more than nothing."""
        found = self.number(column, 0, 1)
        if not found:
            self.bad(column, "is not a share above 0")
        return found

    def postcode(self, column: str) -> str:
        """A postcode with its one space, or nothing."""
        value = self[column].upper()
        if value and not POSTCODE.fullmatch(value):
            self.bad(column, f"{value!r} is not a postcode like WS1 1AA")
        return value

    def address(self, column: str) -> str:
        """The address of a web page, or nothing."""
        value = self.text(column, longest=300)
        if value and (urlsplit(value).scheme not in ("http", "https") or " " in value):
            self.bad(column, f"{value!r} is not the address of a web page")
        return value


@lru_cache(maxsize=4096)
def _day(value: str, form: str) -> date:
    """Reading a date is slow, and most schools opened on one of a few hundred days."""
    return datetime.strptime(value, form).date()  # noqa: DTZ007  a date has no zone


def mended(value: str) -> str:
    """The same words with their spaces and punctuation put right."""
    value = value.translate(WINDOWS)
    if LOST in value:
        for broken, whole in MENDED.items():
            value = value.replace(broken, whole)
        value = re.sub(rf"(?<=[sS]){LOST}(?= |$)", "'", value)
    return " ".join(value.split())


def lines(file: Path, columns: Sequence[str], *, key: Sequence[str] = ()) -> Iterator[Line]:
    """The rows of a UTF-8 CSV file that has these columns, and perhaps others.

    `key` names the columns whose values, together, only one row may have. Raises BadFile
    when the file is missing or unreadable, a column is missing, a row is broken off or
    there twice, or there is no row at all.
    """
    seen: dict[tuple[str, ...], int] = {}
    line = None
    for line in _every_line(file, columns):
        if key:
            first = seen.setdefault(tuple(line[column] for column in key), line.row)
            if first != line.row:
                line.bad(key[-1], f"{line[key[-1]]!r} is in row {first} already")
        yield line
    if line is None:
        raise BadFile(file, "has no rows")


def _every_line(file: Path, columns: Sequence[str]) -> Iterator[Line]:
    row = 0
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.reader(opened, strict=True)
            header = next(reader, [])
            positions = {name.strip(): place for place, name in enumerate(header)}
            for column in columns:
                if column not in positions:
                    raise BadFile(file, "is missing", row=1, column=column)
            for row, values in enumerate(reader, start=2):
                if len(values) != len(header):
                    reason = f"has {len(values)} values, the header has {len(header)}"
                    raise BadFile(file, reason, row=row)
                yield Line(file, row, positions, values)
    except OSError as problem:
        raise BadFile(file, f"cannot be read ({problem.strerror})") from problem
    except UnicodeDecodeError as problem:
        raise BadFile(file, "is not UTF-8 text", row=_undecodable_row(file)) from problem
    except csv.Error as problem:
        raise BadFile(file, f"is not CSV ({problem})", row=row + 1) from problem


def _undecodable_row(file: Path) -> int:
    """The row of the first byte that is not UTF-8: the reader stops anywhere in its block."""
    content = file.read_bytes()
    try:
        content.decode()
    except UnicodeDecodeError as problem:
        return content.count(b"\n", 0, problem.start) + 1
    return 1
