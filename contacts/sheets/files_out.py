"""Sheets as they go out: CSV for every spreadsheet, Excel workbooks with real dates.

No cell is ever a formula: `cells.marked` puts an apostrophe before what would be one.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from contacts.sheets.cells import is_telephone, marked

Cell = str | dt.date | int | Decimal | None
CSV, XLSX = "csv", "xlsx"
CONTENT_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What a workbook's XML cannot hold.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
WIDTH = 24


def write(
    kind: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    about: Sequence[Sequence[Cell]] = (),
    title: str = "Contacts",
) -> bytes:
    """The file's content: rows of what it is `about`, if any, then the headings and the rows.

    `title` is the name of a workbook's sheet. Raises KeyError for a kind that there is not.
    """
    if kind == CSV:
        return _csv(headings, rows, about)
    return {XLSX: _workbook}[kind](headings, rows, about, title)


def _csv(
    headings: Sequence[str], rows: Iterable[Sequence[Cell]], about: Sequence[Sequence[Cell]]
) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([_text(cell) for cell in row] for row in about)
    writer.writerow(headings)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    # With the mark by which Excel knows UTF-8.
    return out.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return marked(cell.isoformat() if isinstance(cell, dt.date) else str(cell))


def _workbook(
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    about: Sequence[Sequence[Cell]],
    title: str,
) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for column in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = WIDTH
    sheet.freeze_panes = f"A{len(about) + 2}"
    for row in about:
        sheet.append([_cell(sheet, cell) for cell in row])
    sheet.append([_bold(sheet, heading) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bold(sheet: object, heading: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=heading)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: object, value: Cell) -> object:
    if isinstance(value, dt.date):
        cell = WriteOnlyCell(sheet, value=value)
        cell.number_format = "dd/mm/yyyy"
        return cell
    if not isinstance(value, str):
        return value
    plain = _CONTROL.sub("", value)
    # A workbook says itself that a cell is text: a telephone number may keep its plus sign.
    cell = WriteOnlyCell(sheet, value=plain if is_telephone(plain) else marked(plain))
    cell.data_type = "s"
    return cell
