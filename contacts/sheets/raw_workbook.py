"""Excel workbooks: refused where they are not what they seem, read a row at a time otherwise."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

import openpyxl
from django.core.exceptions import ValidationError

from contacts.sheets.raw import COUNTED, MOST_COLUMNS, Raw, gathered, unreadable

Taken = TypeVar("Taken")
# Unpacked; ten thousand contacts are about seven.
LARGEST_INSIDE = 40 * 1024 * 1024
MOST_PARTS = 500
_NOT_A_WORKBOOK = (
    "This is not an Excel workbook (.xlsx) that can be read. Save your sheet as .xlsx again "
    "and choose that"
)
_MACROS = "This workbook contains macros. Save it as an Excel workbook without them (.xlsx)"


def read_workbook(content: bytes, *, shares: bool = False) -> Raw:
    """The rows of a workbook's first sheet; formulas as they are written, for others to refuse.

    With `shares` a percentage is read as it looks, `40%`. Raises ValidationError for macros, a
    password, what unpacks to far more than it seems, and anything that cannot be read.
    """
    rows = _rows_with_shares if shares else _rows
    return _opened(content, lambda book: gathered(rows(_first(book))))


def read_sheets(content: bytes, wanted: Collection[str]) -> dict[str, Raw]:
    """The sheets of a workbook by their names in small letters; of those not wanted, no rows.

    Raises as `read_workbook` does.
    """
    return _opened(
        content,
        lambda book: {
            name: gathered(_rows(sheet)) if name in wanted else Raw()
            for sheet in book.worksheets
            if (name := sheet.title.strip().casefold())
        },
    )


def _opened(content: bytes, take: Callable[[Any], Taken]) -> Taken:
    _look_inside(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that are not read here
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            try:
                return take(book)
            finally:
                book.close()
    except ValidationError:
        raise
    except Exception as error:
        # Whatever a broken or hostile file makes the reader do, it is the file that is refused.
        raise unreadable(_NOT_A_WORKBOOK) from error


def _look_inside(content: bytes) -> None:
    """Refuse by the list of what is in the archive, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
        raise unreadable(_NOT_A_WORKBOOK) from None
    names = {part.filename.lower() for part in parts}
    if any("vbaproject" in name or "/macrosheets/" in name for name in names):
        raise unreadable(_MACROS)
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise unreadable(_NOT_A_WORKBOOK)
    if any(part.flag_bits & 1 for part in parts):
        raise unreadable("This workbook has a password. Save it without one")
    # A part never unpacks to more than the list says: the archive's reader stops there.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_INSIDE:
        raise unreadable(
            "This workbook unpacks to far more than its rows. Copy the rows alone into a new "
            "workbook and choose that"
        )


def _first(book: Any) -> Any:
    if not book.worksheets:
        raise unreadable(_NOT_A_WORKBOOK)
    return book.worksheets[0]


def _rows(sheet: Any) -> Iterator[list[str]]:
    # What the sheet says of its own size may be wrong.
    sheet.reset_dimensions()
    for cells in sheet.iter_rows(values_only=True, max_row=COUNTED + 1, max_col=MOST_COLUMNS + 1):
        yield [_text(cell) for cell in cells]


def _rows_with_shares(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()
    for cells in sheet.iter_rows(max_row=COUNTED + 1, max_col=MOST_COLUMNS + 1):
        yield [_as_it_looks(cell) for cell in cells]


def _as_it_looks(cell: Any) -> str:
    value = cell.value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and "%" in (cell.number_format or ""):
        return f"{_text(round(value * 100.0, 6))}%"
    return _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
