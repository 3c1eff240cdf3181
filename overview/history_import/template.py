"""The empty workbook that people fill in."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from contacts.sheets.files_out import WIDTH
from overview.history_import.columns import MOST_IN_ALL, SHEETS

NOTES = (
    "How to fill in this workbook",
    "Put each partnership, each contact and each conversation in a row of its sheet.",
    "Meetings, visits, calls and emails of the past are rows of the Conversations sheet.",
    "Leave the first row of each sheet as it is. A sheet may have no rows.",
    f"At most {MOST_IN_ALL:,} rows in all.",
    "Write nothing about children or patients: such rows are refused.",
    "Nothing is saved until you have seen what each row would do, and nobody is told.",
)


def template() -> bytes:
    """The workbook's content."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in SHEETS:
        page = book.create_sheet(sheet.name)
        page.append([column.heading for column in sheet.columns])
        page.freeze_panes = "A2"
        for at, column in enumerate(sheet.columns, start=1):
            letter = get_column_letter(at)
            page.cell(1, at).font = Font(bold=True)
            page.column_dimensions[letter].width = WIDTH
            if column.words:
                listed = DataValidation(
                    type="list", formula1='"' + ",".join(column.words) + '"', allow_blank=True
                )
                page.add_data_validation(listed)
                listed.add(f"{letter}2:{letter}{MOST_IN_ALL + 1}")
    notes = book.create_sheet("Notes")
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 26, WIDTH
    notes.column_dimensions["C"].width = 80
    for line in NOTES:
        notes.append([line])
    notes["A1"].font = Font(bold=True)
    notes.append([])
    notes.append(["Sheet", "Column", "What goes there"])
    for cell in notes[notes.max_row]:
        cell.font = Font(bold=True)
    for sheet in SHEETS:
        for column in sheet.columns:
            said = column.about if column.required else f"{column.about} (optional)"
            if column.words:
                said = f"{', '.join(column.words)}. {said}"
            notes.append([sheet.name, column.heading, said])
            notes.cell(notes.max_row, 3).alignment = Alignment(wrap_text=True)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
