"""From the bytes of an upload to rows of our three sheets, or a plain word why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from contacts.sheets import files
from contacts.sheets.fields import plain
from contacts.sheets.raw import Raw, unreadable
from contacts.sheets.raw_workbook import read_sheets
from overview.history_import.columns import MOST_IN_ALL, SHEETS, Sheet

LONGEST_CELL = max(column.longest for sheet in SHEETS for column in sheet.columns)
_TEMPLATE = "Download the template and copy your rows into it"


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is kept, and what is not, with the reason."""

    sheet: int
    number: int
    values: dict[str, str]
    withheld: list[list[Any]]


@dataclass(slots=True)
class Book:
    """All rows that hold anything, and the headings that are none of ours."""

    lines: list[Line] = field(default_factory=list)
    not_read: list[str] = field(default_factory=list)


def read(content: bytes) -> Book:
    """Read a workbook.

    Raises ValidationError, keyed `sheet`, for what is no workbook, lacks a sheet or a heading,
    or has too many rows or none. Identifiers of children and patients are left out on the way.
    """
    if not content.startswith(b"PK\x03\x04"):
        raise unreadable(f"This is not an Excel workbook (.xlsx). {_TEMPLATE}")
    if len(content) > files.LARGEST:
        raise unreadable("The file is larger than 10 MB. Split it into smaller ones")
    raws = read_sheets(content, {sheet.name.casefold() for sheet in SHEETS})
    missing = [sheet.name for sheet in SHEETS if sheet.name.casefold() not in raws]
    if missing:
        raise unreadable(
            f"The workbook has no sheet called {' or '.join(missing)}. Give its sheets these "
            f"names: {', '.join(sheet.name for sheet in SHEETS)}. A sheet may have no rows"
        )
    book = Book()
    for at, sheet in enumerate(SHEETS):
        _read_sheet(book, at, sheet, raws[sheet.name.casefold()])
    if not book.lines:
        raise unreadable(
            "There are no rows in this workbook. Put each partnership, contact and conversation "
            "in a row below the headings"
        )
    if len(book.lines) > MOST_IN_ALL:
        raise unreadable(
            f"The workbook has {len(book.lines):,} rows; {MOST_IN_ALL:,} at most can be imported "
            "at once. Split it into smaller ones"
        )
    return book


def _read_sheet(book: Book, at: int, sheet: Sheet, raw: Raw) -> None:
    if raw.rows_in_all > sheet.most:
        raise unreadable(
            f"The sheet {sheet.name} has {raw.rows_in_all:,}{'' if raw.counted else ' or more'} "
            f"rows; {sheet.most:,} at most can be imported at once. Split it into smaller ones"
        )
    if raw.headings is None:
        raise unreadable(f"The sheet {sheet.name} has no headings. {_TEMPLATE}")
    headings = files.headings_of(raw.headings)
    columns = _columns(sheet, headings)
    ours = set(columns.values())
    book.not_read += [
        f"{sheet.name}: {heading}"
        for column, heading in enumerate(headings)
        if heading and column not in ours
    ]
    for number, cells in raw.rows:
        line = files.line_of(number, cells, headings, longest=LONGEST_CELL)
        values = {
            key: text for key, column in columns.items() if (text := _cell(line.cells, column))
        }
        # What stands in a column that is not read is not kept either: nothing to put right.
        withheld = [
            [headings[column] if column is not None else "", said]
            for column, said in line.withheld
            if column is None or column in ours
        ]
        if values or withheld:
            book.lines.append(Line(at, number, values, withheld))


def _columns(sheet: Sheet, headings: list[str]) -> dict[str, int]:
    """Which column is which; raises ValidationError for one that is lacking or there twice."""
    texts = [plain(heading) for heading in headings]
    found: dict[str, int] = {}
    for column in sheet.columns:
        times = texts.count(plain(column.heading))
        if times > 1:
            raise unreadable(
                f"The sheet {sheet.name} has the heading “{column.heading}” {times} times. "
                "Keep one of them"
            )
        if times:
            found[column.key] = texts.index(plain(column.heading))
        elif column.required:
            raise unreadable(
                f"The sheet {sheet.name} has no heading “{column.heading}”. The first row must "
                f"be the template’s headings, each in a cell of its own, none merged. {_TEMPLATE}"
            )
    return found


def _cell(cells: list[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""
