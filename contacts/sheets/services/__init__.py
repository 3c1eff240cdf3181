"""Bringing a sheet in, step by step, and taking one out: every write.

uploading   the file, its columns, and throwing an import away
checking    every row against the directory, by the worker
applying    all at once, by the worker
undoing     all at once, by the worker
exporting   the directory as a file
"""

from contacts.sheets.services.applying import apply_sheet, ask_to_apply
from contacts.sheets.services.checking import check_sheet, decide, decide_all
from contacts.sheets.services.exporting import export_contacts
from contacts.sheets.services.undoing import ask_to_undo, undo_sheet
from contacts.sheets.services.uploading import bring_in, discard, match_columns

__all__ = [
    "apply_sheet",
    "ask_to_apply",
    "ask_to_undo",
    "bring_in",
    "check_sheet",
    "decide",
    "decide_all",
    "discard",
    "export_contacts",
    "match_columns",
    "undo_sheet",
]
