"""A manager imports the trust's history from a workbook, and takes it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.browser.person import Person
from tests.cast import Cast
from tests.history_import.arranging import CONTACT, HUB, MEETING, book

UNLIKE = ("Careers hub", "Walsal Healthcare Trust", "", "")
TALK = ("Careers hub", "Visit", "13/03/2026", "Saw the rooms", "")
WRONG = ("Careers hub", "Visit", "last week", "Saw the rooms again", "")


def test_from_a_workbook_to_the_record_and_back(
    cast: Cast, browser_of: Callable[..., Person], tmp_path: Path
) -> None:
    workbook = tmp_path / "history.xlsx"
    workbook.write_bytes(book((HUB, UNLIKE), (CONTACT,), (MEETING, TALK, WRONG)))
    manager = browser_of("school_manager", java_script_enabled=False)
    slug = cast.organisation("school").slug
    manager.opens(f"/o/{slug}/partnerships/")
    manager.follows("Import partnerships, contacts and conversations from a spreadsheet")
    manager.reads("Nothing has been imported")
    manager.follows("Import a workbook")
    manager.page.locator("input[type=file]").set_input_files(workbook)
    manager.presses("Check the workbook")
    manager.reads(
        "What this workbook would do",
        "Which organisation is “Walsal Healthcare Trust”?",
        "Date: Write the date like 21/07/2027",
    )
    manager.page.get_by_label("Walsall Healthcare NHS Trust (RBK)").check()
    manager.presses("Check the rows again")
    manager.reads("Rows checked again", "1 row has a problem and would be left out")
    manager.follows("Save what is new")
    manager.reads("5 new rows are saved all at once", "nobody gets an email")
    manager.presses("Save")
    manager.reads("History saved")
    manager.follows("Undo this import")
    manager.presses("Undo the import")
    manager.reads("Import undone", "partnerships closed")
