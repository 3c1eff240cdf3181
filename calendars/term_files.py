"""Term dates in a CSV file: a name, a first and a last day on each row.

Texts as they stand in the file, for the typed form to check: what cannot be read stays in its box,
with the reason beside it. Both `01/09/2026` and `2026-09-01` are read, and words. Rows that name
staff training (INSET) are its days; rows of another year are left out, and said so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError

from calendars.ics.reading import Event
from calendars.ics.term_words import Meaning, meanings_of
from calendars.term_rows import LONGEST_NAME, MOST_ROWS
from calendars.written_days import NoSuchDay, read_day
from calendars.years import AcademicYear
from contacts.sheets.raw_csv import read_text

LARGEST = 200_000  # bytes
_NO_CSV = (
    "This is not a CSV file. In Excel, choose Save As and “CSV UTF-8 (Comma delimited)”, then "
    "choose that file"
)
_NAME = ("name", "half term", "term", "holiday", "title", "label", "event", "description")
_START = ("start", "first", "from", "begin", "open")
_END = ("end", "last", "to", "finish", "until", "close")


@dataclass(frozen=True, slots=True)
class TextRow:
    """A row as it stands in the file."""

    number: int
    name: str
    start: str
    end: str


@dataclass(slots=True)
class TermFile:
    """What a file holds for one school year."""

    rows: list[TextRow] = field(default_factory=list)
    inset_days: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)


def read_term_file(content: bytes, year: AcademicYear) -> TermFile:
    """The rows of a file. Raises ValidationError for what is no such file, saying what to do."""
    try:
        raw = read_text(content)
    except ValidationError as problem:
        # Sheets of contacts may also be workbooks; these may not.
        if any("Excel workbook" in words for words in problem.messages):
            raise ValidationError(_NO_CSV) from problem
        raise ValidationError(problem.messages) from problem
    lines = list(raw.rows)
    headings = raw.headings or []
    if any(_is_day(cell, year) for cell in headings):
        lines.insert(0, (1, headings))
        headings = []
    places = _columns(headings)
    found = TermFile()
    for number, cells in lines:
        _sort_in(found, _text_row(number, cells, places), year)
    if not found.rows and not found.inset_days:
        raise ValidationError(
            f"The file has no dates of {year}. Each row needs a name, a first day and a last day, "
            "like: Autumn 1,01/09/2026,23/10/2026"
        )
    if len(found.rows) > MOST_ROWS:
        raise ValidationError(
            f"The file has {len(found.rows)} rows for {year}; a school year has at most "
            f"{MOST_ROWS} half terms. Leave holidays and events out"
        )
    return found


def _columns(headings: Sequence[str]) -> tuple[int, int, int]:
    """Where name, first and last day stand: by the headings, else one after the other."""
    plain = [" ".join(cell.casefold().split()) for cell in headings]

    def place(words: Sequence[str], otherwise: int) -> int:
        found = (at for word in words for at, cell in enumerate(plain) if word in cell.split())
        near = (at for word in words for at, cell in enumerate(plain) if cell.startswith(word))
        return next(found, next(near, otherwise))

    start, end = place(_START, 1), place(_END, 2)
    name = place(_NAME, 0)
    return (name, start, end) if len({name, start, end}) == 3 else (0, 1, 2)


def _text_row(number: int, cells: Sequence[str], places: tuple[int, int, int]) -> TextRow:
    name, start, end = (" ".join(cells[at].split()) if at < len(cells) else "" for at in places)
    return TextRow(number, name, start, end)


def _sort_in(found: TermFile, row: TextRow, year: AcademicYear) -> None:
    days = [day for text in (row.start, row.end) if (day := _is_day(text, year))]
    if days and all(not _near(day, year) for day in days):
        found.cautions.append(f"Row {row.number} ({row.name}) lies outside {year}: left out.")
    elif _is_training(row.name):
        found.inset_days += list(dict.fromkeys(text for text in (row.start, row.end) if text))
    elif _is_holiday(row, days):
        found.cautions.append(
            f"Row {row.number} ({row.name}) is a holiday: left out. Only terms are needed."
        )
    else:
        if len(row.name) > LONGEST_NAME:
            found.cautions.append(f"The name in row {row.number} is long: shorten it.")
        found.rows.append(row)


def _near(day: date, year: AcademicYear) -> bool:
    """In the year, or in the August before it, when some schools begin."""
    return year.contains(day) or (day.year, day.month) == (year.starts_in, 8)


def _is_day(text: str, year: AcademicYear) -> date | None:
    try:
        return read_day(text, year)
    except NoSuchDay:
        return None


def _meanings(name: str, days: Sequence[date]) -> set[Meaning]:
    if len(days) < 2 or days[1] < days[0]:
        days = [date(2027, 1, 4)] * 2
    return meanings_of(Event(uid="", name=name, first=days[0], last=days[1]))


def _is_training(name: str) -> bool:
    return Meaning.STAFF_ONLY in _meanings(name, ())


def _is_holiday(row: TextRow, days: Sequence[date]) -> bool:
    return len(days) == 2 and _meanings(row.name, days) in (
        {Meaning.HOLIDAY},
        {Meaning.BANK_HOLIDAY},
    )
