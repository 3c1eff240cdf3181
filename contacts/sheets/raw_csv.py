"""Text files: which encoding, which separator, and their rows."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from contacts.sheets.raw import Raw, gathered, unreadable

SEPARATORS = (",", ";", "\t")
LONGEST_CELL = 32_767  # Excel's own
_BINARY = frozenset(map(chr, range(32))) - set("\t\n\v\f\r\x1a")
_NOT_TEXT = "This is not a CSV file or an Excel workbook (.xlsx). Save your sheet as one of these"


def read_text(content: bytes, separator: str = "") -> Raw:
    """The rows of a CSV file, parted as its first line is unless `separator` says how.

    Raises ValidationError for what is not text.
    """
    text = decoded(content)
    if not _BINARY.isdisjoint(text):
        raise unreadable(_NOT_TEXT)
    text = text.rstrip("\x1a")
    separator, start = (separator, 0) if separator else _separator(text)
    return gathered(_rows(text, separator, start))


def decoded(content: bytes) -> str:
    """The text, whatever common encoding it was saved in: UTF-8, UTF-16, Windows."""
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise unreadable(_NOT_TEXT)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(content, "utf-16")
    if content.startswith(codecs.BOM_UTF8):
        return _strictly(content, "utf-8-sig")
    if b"\0" in content:
        return _strictly(content, _without_mark(content))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(content, "cp1252")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise unreadable(
            "The file’s letters cannot be read. In Excel, choose Save As and "
            "“CSV UTF-8 (Comma delimited)”"
        ) from None


def _without_mark(content: bytes) -> str:
    """UTF-16 without its mark: in English every second byte is zero."""
    sample = content[:2000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    if even > 4 * odd:
        return "utf-16-be"
    raise unreadable(_NOT_TEXT)


def _separator(text: str) -> tuple[str, int]:
    """What stands between two cells, and where the sheet begins: Excel may say "sep=;" first."""
    first, _, _ = text.lstrip("\r\n").partition("\n")
    if first.lower().startswith("sep=") and len(first.rstrip("\r")) == 5:
        return first[4], text.index(first) + len(first) + 1
    cells = {each: _cells_of_headings(text, each) for each in SEPARATORS}
    return max(SEPARATORS, key=lambda each: cells[each]), 0


def _cells_of_headings(text: str, separator: str) -> int:
    """Into how many cells it would part the first line that holds anything."""
    try:
        for cells in csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=separator):
            if any(cell.strip() for cell in cells):
                return len(cells)
    except csv.Error:
        return 0
    return 0


def _rows(text: str, separator: str, start: int) -> Iterator[list[str]]:
    # The library's own limit is for the whole process and far above ours; strict, so that a
    # quotation mark left open is an error and does not swallow the rest of the file.
    if len(separator) != 1 or separator in '"\r\n':
        raise unreadable(_NOT_TEXT)
    reader = csv.reader(io.StringIO(text[start:], newline=""), delimiter=separator, strict=True)
    number = 1 if start else 0
    if start:
        yield []
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise unreadable(
                f"Row {number} cannot be read: a quotation mark in it, or before it, "
                "is not closed. Put it right and choose the file again"
            ) from None
        if max(map(len, cells), default=0) > LONGEST_CELL:
            raise unreadable(f"A cell in row {number} is too long. Is a quotation mark not closed?")
        yield cells
