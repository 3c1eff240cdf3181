"""A regional admin brings a sheet in, puts it right, applies it and undoes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from contacts.sheets import working
from tests.browser.person import Person
from tests.cast import Cast
from tests.contacts.sheets.arranging import contacts, csv_of, make_admin

HEADINGS = ("Who", "Job title", "Works at", "Email")
GOOD = ("Head of service", "Head of children’s services", "RBK", "head@health.example")
WRONG = ("Named nurse", "Named nurse", "Walsal Helthcare", "nurse@health.example")
RIGHT = ("Named nurse", "Named nurse", "Walsall Healthcare NHS Trust", "nurse@health.example")


def chooses_file(admin: Person, file: Path) -> None:
    """With JavaScript the labelled thing is a button before the input itself."""
    admin.reads("Choose a CSV file or an Excel workbook (.xlsx)")
    admin.page.locator("input[type=file]").set_input_files(file)


def is_done(admin: Person, *, javascript: bool) -> None:
    """Let the worker do it. With scripts the page then moves on by itself."""
    working.do_all()
    if not javascript:
        admin.follows("Check again")


def brings_in(
    admin: Person, folder: Path, name: str, rows: list[tuple[str, ...]], *, javascript: bool
) -> None:
    """Choose a file, say which column the name is in, and have the rows checked."""
    sheet = folder / name
    sheet.write_bytes(csv_of(rows, HEADINGS, separator=";").decode().encode("cp1252"))
    admin.follows("Bring a sheet in")
    chooses_file(admin, sheet)
    admin.presses("Read the sheet")
    admin.reads("Which column is which?")
    admin.page.get_by_label("Name", exact=True).select_option("0")
    admin.presses("Check the rows")
    admin.reads("The rows are being checked")
    is_done(admin, javascript=javascript)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_a_sheet_with_a_problem_to_contacts_and_back(
    cast: Cast, browser_of: Callable[..., Person], tmp_path: Path, javascript: bool
) -> None:
    by = make_admin(cast)
    admin = browser_of("nobody", java_script_enabled=javascript)
    admin.opens("/regions/black-country/")
    admin.follows("Contacts as spreadsheets")
    admin.reads("No sheet has been brought in")

    brings_in(admin, tmp_path, "first.csv", [GOOD, WRONG], javascript=javascript)
    admin.reads(
        "What this sheet would do",
        "1 row with a problem",
        "Works at (column C): No organisation is called “Walsal Helthcare”",
        "Did you mean Walsall Healthcare NHS Trust (RBK)",
        "1 new contact",
    )
    admin.follows("Apply this sheet")
    admin.presses("Apply")
    admin.reads("There is a problem", "Some rows have problems or are not decided")
    assert contacts(by) == []

    admin.follows("Cancel")
    admin.follows("bring it in again")
    admin.follows("Contacts as spreadsheets")
    brings_in(admin, tmp_path, "second.csv", [GOOD, RIGHT], javascript=javascript)
    admin.reads("2 new contacts")
    admin.follows("Apply this sheet")
    admin.presses("Apply")
    admin.reads("The sheet is being applied")
    is_done(admin, javascript=javascript)
    admin.reads("Applied", "second.csv")
    assert [each.person.name for each in contacts(by)] == ["Head of service", "Named nurse"]

    admin.follows("Undo this import")
    admin.presses("Undo the import")
    admin.reads("The import is being undone")
    is_done(admin, javascript=javascript)
    admin.reads("Contacts that it had added have left the directory")
    assert contacts(by) == []


def test_a_file_that_is_no_sheet_is_refused_on_the_page(
    cast: Cast, browser_of: Callable[..., Person], tmp_path: Path
) -> None:
    make_admin(cast)
    admin = browser_of("nobody")
    picture = tmp_path / "contacts.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\r")
    admin.opens("/regions/black-country/sheets/new/")
    admin.presses("Read the sheet")
    admin.is_refused("Choose the file with your contacts")
    chooses_file(admin, picture)
    admin.presses("Read the sheet")

    admin.is_refused("This is not a CSV file or an Excel workbook")


def test_the_directory_goes_out_as_a_workbook(
    cast: Cast, browser_of: Callable[..., Person]
) -> None:
    make_admin(cast)
    admin = browser_of("nobody")
    admin.opens("/regions/black-country/sheets/")
    admin.follows("Take the contacts out as a file")
    admin.chooses("Excel workbook (.xlsx)")
    with admin.page.expect_download() as waiting:
        admin.page.get_by_role("button", name="Get the file").click()

    assert waiting.value.suggested_filename.startswith("contacts-black-country-")
    assert Path(waiting.value.path()).read_bytes().startswith(b"PK")
