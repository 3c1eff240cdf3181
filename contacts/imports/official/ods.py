"""The files of the Organisation Data Service: 27 columns without headings, or the newer ones
with headings. Of all that they list Tandem keeps NHS trusts and integrated care boards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from contacts.imports import names
from contacts.imports.files import BadFile, Line
from contacts.imports.official import tables
from contacts.imports.official.sources import Source
from contacts.imports.official.tables import Layout, Notes, Once, day_of, lenient

LISTED = "ods"
STAGING = """
CREATE TEMP TABLE official_nhs (code text, name text, geography text, town text, postcode text,
    opened_on date, closed_on date, is_trust bool, file text, row int) ON COMMIT DROP;
"""
WIDTH = 27
# Where the files without headings have what is kept.
PLACES = {
    "code": 0,
    "name": 1,
    "geography": 3,
    "town": 7,
    "postcode": 9,
    "opened": 10,
    "closed": 11,
}
COLUMNS: dict[str, Sequence[str]] = {
    "code": ("Organisation Code", "Code", "Org Code", "ODS Code", "OrganisationCode"),
    "name": ("Name", "Organisation Name", "OrganisationName"),
    "geography": (
        "High Level Health Geography",
        "Health Geography",
        "High Level Health Authority Code",
        "ICB Code",
    ),
    "town": ("Address Line 4", "Address_Line_4", "Town", "AddrLn4"),
    "postcode": ("Postcode", "Post Code", "PostCode"),
    "opened": ("Open Date", "Open_Date", "Legal Start Date", "OpenDate"),
    "closed": ("Close Date", "Close_Date", "Legal End Date", "CloseDate"),
}
REQUIRED = ("code", "name", "opened", "closed")
TRUST_CODE = 3
TRUSTS = (" NHS TRUST", " NHS FOUNDATION TRUST")


@dataclass(slots=True)
class Reading:
    """One file being read."""

    source: Source
    layout: Layout
    notes: Notes
    kind: str = LISTED
    rows: int = 0
    newest: date | None = None
    done: Callable[[int], None] = field(default=lambda count: None)

    def read(self, once: Once) -> Iterator[tuple[object, ...]]:
        """Its rows for `official_nhs`."""
        for line in tables.lines(self.source, self.layout):
            self.rows += 1
            if self.rows % 1000 == 0:
                self.done(self.rows)
            yield self._row(line, once)

    def _row(self, line: Line, once: Once) -> tuple[object, ...]:
        code = line.text("code", longest=20, required=True).upper()
        once.check(line, "code", code)
        opened, closed = day_of(line, "opened"), day_of(line, "closed")
        for day in (opened, closed):
            if day and day <= tables.today() and (self.newest is None or day > self.newest):
                self.newest = day
        if opened and closed and closed < opened:
            line.bad("closed", "is before the day it opened")
        name = line.text("name", longest=200, required=True)
        there = self.layout.positions
        return (
            code,
            names.readable(name),
            line["geography"] if "geography" in there else "",
            names.place(line.text("town", longest=100)) if "town" in there else None,
            lenient(self.notes, lambda: tables.postcode_of(line, "postcode"))
            if "postcode" in there
            else None,
            opened,
            closed,
            len(code) == TRUST_CODE and name.upper().endswith(TRUSTS),
            str(self.source.file),
            line.row,
        )


def looks_like_it(source: Source) -> bool:
    """Whether a file's headings, or how many columns it has, say that it may be one of these.

    Raises BadFile.
    """
    header = tables.heading(source)
    return len(header) == WIDTH or _is_heading(header)


def recognised(source: Source, notes: Notes) -> Reading:
    """How a file is laid out. Raises BadFile."""
    header = tables.heading(source)
    if len(header) == WIDTH and not _is_heading(header):
        called = {ours: str(place + 1) for ours, place in PLACES.items()}
        return Reading(source, Layout(PLACES, called, WIDTH, headed=False), notes)
    if not _is_heading(header):
        raise BadFile(
            source.file,
            f"is no file of the Organisation Data Service: its first row has {len(header)} values "
            "and no heading for codes. Without headings there should be 27",
            row=1,
        )
    return Reading(source, tables.layout_of(source, header, COLUMNS, REQUIRED), notes)


def _is_heading(header: Sequence[str]) -> bool:
    there = {name.casefold() for name in header}
    return any(name.casefold() in there for name in (*COLUMNS["code"], "postcode"))
