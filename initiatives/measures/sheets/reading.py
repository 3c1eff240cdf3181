"""From pasted rows, a CSV file or a workbook to the rows of a measure's sheet.

Refused as a whole, without a word of it in the answer: whatever looks as if it were about single
pupils or patients. Nothing here is saved, and nothing knows the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from contacts.sheets import files
from contacts.sheets.cells import tidy, unmarked
from contacts.sheets.fields import letter
from contacts.sheets.raw import Raw, unreadable
from contacts.sheets.raw_csv import read_text
from initiatives.measures.models import Measure
from initiatives.measures.periods import Span
from initiatives.measures.periods_written import NoSuchPeriod, read_period
from initiatives.measures.sheets.columns import (
    GROUP,
    NUMBERS,
    PERIOD,
    Column,
    columns_of,
    plain,
)
from organisations.guard_rail import find_identifiers
from organisations.guard_rail.people import asks_for_a_person, counts_or_names, is_like_a_name

LARGEST = 2 * 1024 * 1024  # bytes
MOST_ROWS = 1_000
ABOUT_PEOPLE = "about_people"
_TEMPLATE = "Use the headings of the template"


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods that a reading can be about, the latest first, and those that are not over."""

    over: Sequence[Span]
    to_come: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Line:
    """A row that holds a number: where it stands, and its texts by the keys of columns."""

    number: int
    texts: dict[str, str]
    more: bool = False


@dataclass(slots=True)
class Sheet:
    """The rows with numbers, how many had none, and the headings of columns that are not read."""

    lines: list[Line] = field(default_factory=list)
    empty: int = 0
    not_read: list[str] = field(default_factory=list)


def from_file(content: bytes, measure: Measure, periods: Periods) -> Sheet:
    """The rows of a CSV file or a workbook's first sheet.

    Raises ValidationError, keyed `sheet`, for what is no such file, is too large, lacks a column
    or has no numbers; with code ABOUT_PEOPLE for what looks as if it were about single people.
    """
    if len(content) > LARGEST:
        raise unreadable("The file is larger than 2 MB. Keep only the rows of this measure")
    return _sheet(files.raw_of(content, shares=True), measure, periods)


def from_text(text: str, measure: Measure, periods: Periods) -> Sheet:
    """Rows that were copied from a spreadsheet, or written with commas. Raises as `from_file`."""
    if find_identifiers(text):
        raise _refused("What you pasted")
    separator = "\t" if "\t" in text else ""
    return _sheet(read_text(text.encode(), separator), measure, periods)


def _sheet(raw: Raw, measure: Measure, periods: Periods) -> Sheet:
    if raw.headings is None:
        raise unreadable("There are no rows in it. Put each reading in a row below the headings")
    columns = columns_of(measure)
    headings = [tidy(cell) for cell in raw.headings]
    rows = [(number, [unmarked(tidy(cell)) for cell in cells]) for number, cells in raw.rows]
    if not any(column.is_called(each) for column in columns for each in headings):
        # Rows may be pasted without their headings, in the order of the template.
        if not _is_period(headings[0], measure, periods):
            _refuse_people(measure, periods, [], [(1, headings), *rows], {})
            raise unreadable(f"The first row must be headings. {_TEMPLATE}: {_names(columns)}")
        rows.insert(0, (1, headings))
        headings = [column.heading for column in columns]
    while headings and not headings[-1]:
        headings.pop()
    places = _places(columns, headings)
    _refuse_people(measure, periods, headings, rows, places)
    _refuse_what_lacks(columns, headings, places)
    if raw.rows_in_all > MOST_ROWS:
        raise unreadable(f"There are more than {MOST_ROWS:,} rows. Keep those of this measure")
    sheet = Sheet(
        not_read=[
            heading for at, heading in enumerate(headings) if heading and at not in places.values()
        ]
    )
    for number, cells in rows:
        _add(sheet, number, cells, places, len(headings))
    if not sheet.lines:
        raise unreadable("There are no numbers in these rows. Enter some, then check them again")
    return sheet


def _add(
    sheet: Sheet, number: int, cells: Sequence[str], places: dict[str, int], width: int
) -> None:
    texts = {key: cells[at] if at < len(cells) else "" for key, at in places.items()}
    more = any(cells[width:])
    if more or any(texts.get(key) for key in NUMBERS):
        sheet.lines.append(Line(number, texts, more))
    elif any(texts.values()):
        sheet.empty += 1


def _places(columns: Sequence[Column], headings: Sequence[str]) -> dict[str, int]:
    """At which place each column stands; the first, where a heading is there twice."""
    found: dict[str, int] = {}
    for column in columns:
        for at, heading in enumerate(headings):
            if at not in found.values() and column.is_called(heading):
                found.setdefault(column.key, at)
    return found


def _refuse_what_lacks(
    columns: Sequence[Column], headings: Sequence[str], places: dict[str, int]
) -> None:
    for column in columns:
        if column.key not in places:
            raise unreadable(
                f"There is no column called “{column.heading}”. {_TEMPLATE}: {_names(columns)}"
            )
        if sum(plain(each) == plain(headings[places[column.key]]) for each in headings) > 1:
            raise unreadable(f"The column “{column.heading}” is there twice. Keep one of them")


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(column.heading for column in columns)


def _is_period(text: str, measure: Measure, periods: Periods) -> bool:
    try:
        read_period(text, measure.period, [*periods.over, *periods.to_come], ())
    except NoSuchPeriod:
        return False
    return True


# ---------------------------------------------------------------- single people


def _refuse_people(
    measure: Measure,
    periods: Periods,
    headings: Sequence[str],
    rows: Sequence[tuple[int, list[str]]],
    places: dict[str, int],
) -> None:
    """Raise ValidationError where something looks as if it were about one pupil or patient."""
    ours = {at: key for key, at in places.items()}
    for at, heading in enumerate(headings):
        named = asks_for_a_person(heading) or is_like_a_name(heading)
        if find_identifiers(heading) or (at not in ours and named):
            raise _refused(f"Column {letter(at)}")
        if at not in ours and counts_or_names(heading) and _says_who(rows, at):
            raise _refused(f"Column {letter(at)}")
    for number, cells in rows:
        for at, cell in enumerate(cells):
            heading = headings[at] if at < len(headings) else ""
            if find_identifiers(cell, label=heading) or (
                is_like_a_name(cell) and not _is_ours(cell, ours.get(at), measure, periods)
            ):
                raise _refused(f"Row {number}, column {letter(at)}")


def _is_ours(cell: str, key: str | None, measure: Measure, periods: Periods) -> bool:
    if key == PERIOD:
        return _is_period(cell, measure, periods)
    return key == GROUP and plain(cell) in {plain(each) for each in measure.groups}


def _says_who(rows: Sequence[tuple[int, list[str]]], at: int) -> bool:
    return any(cells[at].strip(" 0123456789,.%") for _, cells in rows if at < len(cells))


def _refused(where: str) -> ValidationError:
    said = (
        f"{where} looks as if it were about single pupils or patients. All of it was refused and "
        "nothing was kept. Enter numbers of people only"
    )
    return ValidationError({"sheet": ValidationError(said, code=ABOUT_PEOPLE)})
