"""From the bytes of an upload to a table of texts, or a plain word why not.

What a file is, is judged by its content. Nothing here knows what the columns mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from contacts.sheets.cells import LONGEST, tidy
from contacts.sheets.raw import MOST_COLUMNS, MOST_ROWS, Raw, unreadable
from contacts.sheets.raw_csv import read_text
from contacts.sheets.raw_workbook import read_workbook
from organisations.guard_rail import find_identifiers

LARGEST = 10 * 1024 * 1024
# What other files begin with, and what to do with them.
OTHERS = (
    (
        b"\xd0\xcf\x11\xe0",
        (
            "This is an old Excel file (.xls), or one with a password. Save it as an Excel "
            "workbook (.xlsx) without a password, or as CSV, and choose that"
        ),
    ),
    (b"%PDF", "This is a PDF. Choose a CSV file or an Excel workbook (.xlsx)"),
    (b"{\\rtf", "This is a text document. Choose a CSV file or an Excel workbook (.xlsx)"),
    (b"<", "This is a web page or XML. Choose a CSV file or an Excel workbook (.xlsx)"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is kept: its cells, and those that are not, each with the reason."""

    number: int
    cells: list[str]
    withheld: list[tuple[int | None, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its headings, and its rows that hold anything."""

    headings: list[str]
    lines: list[Line]


def read(content: bytes) -> Table:
    """Read a CSV file or an Excel workbook.

    Raises ValidationError, keyed `sheet`, for anything that is neither, is too large, or has
    no row beneath its headings. Identifiers of children and patients are left out on the way
    and named in `withheld`; in the headings they refuse the whole file.
    """
    if not content:
        raise unreadable("This file is empty. Choose the file with your contacts")
    if len(content) > LARGEST:
        raise unreadable("The file is larger than 10 MB. Split it into smaller ones")
    raw = raw_of(content)
    if raw.rows_in_all > MOST_ROWS:
        raise unreadable(
            f"The sheet has {raw.rows_in_all:,}{'' if raw.counted else ' or more'} rows; "
            f"{MOST_ROWS:,} at most can be brought in at once. Split it into smaller ones"
        )
    if raw.headings is None:
        raise unreadable("This sheet is empty. Choose the file with your contacts")
    headings = headings_of(raw.headings)
    lines = [line_of(number, cells, headings) for number, cells in raw.rows]
    if not lines:
        raise unreadable("There are only headings in this sheet. Put each contact in a row below")
    return Table(headings, lines)


def raw_of(content: bytes, *, shares: bool = False) -> Raw:
    """The rows of a CSV file or of a workbook's first sheet, as they stand there.

    With `shares` a workbook's percentages are read as they look, `40%`, not as 0.4. Raises
    ValidationError, keyed `sheet`, for anything that is neither.
    """
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return read_workbook(content, shares=shares)
    for beginning, said in OTHERS:
        if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(beginning):
            raise unreadable(said)
    return read_text(content)


def headings_of(cells: list[str]) -> list[str]:
    """The headings as they are compared. Raises ValidationError for one that may not be kept."""
    headings = [tidy(cell)[:100].strip() for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MOST_COLUMNS:
        raise unreadable(f"The sheet has more than {MOST_COLUMNS} columns. Leave out some")
    for heading in headings:
        if found := find_identifiers(heading):
            raise unreadable(
                f"The first row looks like it contains {found[0].kind.in_words}. The first row "
                "must be headings; Tandem holds nothing about children or patients"
            )
    return headings


def line_of(number: int, cells: list[str], headings: list[str], longest: int = LONGEST) -> Line:
    """The row's texts; those that must not be kept are not."""
    kept: list[str] = []
    withheld: list[tuple[int | None, str]] = []
    for column, cell in enumerate(cells):
        heading = headings[column] if column < len(headings) else ""
        # Looked at whole, before it is put in one line or cut.
        if found := find_identifiers(cell, label=heading):
            named = found[0].kind.in_words
            said = (
                f"This looks like it contains {named}, so it was not kept. Tandem holds nothing "
                "about children or patients. Take it out of your file"
            )
            withheld.append((column if heading else None, said))
            kept.append("")
            continue
        text = tidy(cell)
        if len(text) > longest:
            withheld.append((column if heading else None, f"Longer than {longest} characters"))
            text = ""
        kept.append(text)
    if any(kept[len(headings) :]):
        withheld.append((None, "There is more in this row than there are headings"))
    return Line(number, kept[: len(headings)], withheld)
