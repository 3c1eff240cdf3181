"""The workbook that the owner of a measure fills in: a row for each reading that lacks."""

from __future__ import annotations

from collections.abc import Sequence

from contacts.sheets.files_out import XLSX, write
from initiatives.measures.models import WHOLE, Measure
from initiatives.measures.periods import Span
from initiatives.measures.sheets.columns import columns_of


def template(measure: Measure, missing: Sequence[Span]) -> bytes:
    """The workbook's content: its columns, and the periods that have no reading."""
    rows = [
        [span.name, *([group] if measure.groups else [])]
        for span in missing
        for group in measure.groups or [WHOLE]
    ]
    headings = [column.heading for column in columns_of(measure)]
    return write(XLSX, headings, rows, title="Readings")
