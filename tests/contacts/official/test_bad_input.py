"""Downloads that are not right: refused with file, row and column, and the database as before."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.contacts.official import downloads as of
from tests.contacts.test_england import last_written

pytestmark = pytest.mark.usefixtures("db")

Make = Callable[[Path], Path]
SCHOOLS = [of.school(str(900_001 + number), f"School {number}") for number in range(400)]


def file(name: str, content: bytes) -> Make:
    """A file with this content."""

    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def schools(*rows: of.Row, without: str = "", change: Callable[[bytes], bytes] = bytes) -> Make:
    """A file of schools, perhaps without a column, perhaps changed."""
    columns = [name for name in of.COLUMNS if name != without]
    left = [{name: value for name, value in row.items() if name != without} for row in rows]
    return file("edubasealldata20261120.csv", change(of.table(columns, left)))


def links(*rows: of.Row) -> Make:
    """A file of links between schools."""
    return file("links_edubasealldata20261120.csv", of.table(of.LINK_COLUMNS, rows))


def locked(folder: Path) -> Path:
    """A zip file whose member says that it is locked with a password."""
    content = bytearray(of.packed({"edubasealldata.csv": b"URN\r\n"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return file("extract.zip", bytes(content))(folder)


def bomb(folder: Path) -> Path:
    """200 MB of zeros, packed to 200 kB."""
    path = folder / "extract.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("edubasealldata.csv", "w", force_zip64=True) as member,
    ):
        for _ in range(200):
            member.write(bytes(1 << 20))
    return path


WHOLE = of.packed({"edubasealldata.csv": of.table(of.COLUMNS, SCHOOLS)})
DAMAGED = bytearray(WHOLE)
DAMAGED[len(DAMAGED) // 3] ^= 0xFF
ONE = of.school("900001", "One")

BAD: dict[str, tuple[str, Make, str]] = {
    "truncated zip": (
        "import_gias",
        file("extract.zip", WHOLE[: len(WHOLE) // 2]),
        r"extract\.zip: is no whole zip file: it was cut short or damaged",
    ),
    "damaged zip": (
        "import_gias",
        file("extract.zip", bytes(DAMAGED)),
        r"extract\.zip: edubasealldata\.csv: is no whole zip file|extract\.zip: is no whole",
    ),
    "bomb": ("import_gias", bomb, r"edubasealldata\.csv: unpacks to more than a hundred times"),
    "locked": ("import_gias", locked, r"edubasealldata\.csv: is locked with a password"),
    "nothing in the zip": (
        "import_gias",
        file("extract.zip", of.packed({"readme.txt": b"Hello"})),
        r"extract\.zip: is a zip file without a CSV file in it",
    ),
    "workbook": (
        "import_gias",
        file("schools.xlsx", of.packed({"[Content_Types].xml": b"<Types/>"})),
        r"schools\.xlsx: is a workbook",
    ),
    "old workbook": (
        "import_gias",
        file("schools.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)),
        r"schools\.xls: is an Excel workbook",
    ),
    "picture": (
        "import_gias",
        file("schools.csv", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        r"schools\.csv, row 3: is no text: it has bytes of value 0",
    ),
    "empty": ("import_gias", file("schools.csv", b""), r"schools\.csv: is empty"),
    "missing": ("import_gias", lambda folder: folder / "none.csv", "cannot be read"),
    "another table": (
        "import_gias",
        file("shopping.csv", b"what,how many\r\neggs,6\r\n"),
        r"shopping\.csv: has the headings of no file of Get Information about Schools",
    ),
    "file of the other publisher": (
        "import_ods",
        schools(ONE),
        r"edubasealldata20261120\.csv, row 1, column Organisation Code: is missing",
    ),
    "no heading and not 27 columns": (
        "import_ods",
        file("etr.csv", b'"RBK","WALSALL","Y60"\r\n'),
        r"etr\.csv, row 1: is no file of the Organisation Data Service: .* has 3 values",
    ),
    "column missing": (
        "import_gias",
        schools(ONE, without="EstablishmentStatus (code)"),
        r"edubasealldata20261120\.csv, row 1, column EstablishmentStatus \(code\): is missing",
    ),
    "telling column missing": (
        "import_gias",
        schools(ONE, without="URN"),
        r"edubasealldata20261120\.csv, row 1, column URN: is missing",
    ),
    "school twice": (
        "import_gias",
        schools(ONE, of.school("900002", "Two"), ONE),
        r"edubasealldata20261120\.csv, row 4, column URN: '900001' is in row 2 already",
    ),
    "not a URN": (
        "import_gias",
        schools(of.school("9OOO01", "Letters")),
        r"row 2, column URN: '9OOO01' is not a URN",
    ),
    "no name": ("import_gias", schools(of.school("900001", " ")), "row 2, column Establish.*empty"),
    "unknown status": (
        "import_gias",
        schools(of.school("900001", "One", **{"EstablishmentStatus (code)": "9"})),
        r"row 2, column EstablishmentStatus \(code\): '9' is not 1, 2, 3 or 4",
    ),
    "date": (
        "import_gias",
        schools(of.school("900001", "One", OpenDate="31-02-2026")),
        r"row 2, column OpenDate: '31-02-2026' is not a date like 31-03-2026",
    ),
    "row cut off": (
        "import_gias",
        schools(*SCHOOLS, change=lambda content: content[:-60]),
        r"row 401: has \d+ values, there should be 139",
    ),
    "neither encoding": (
        "import_gias",
        schools(*SCHOOLS, change=lambda content: content.replace(b"School 7,", b"Schoo\x81 7,")),
        r"row 9: is neither Windows-1252 nor UTF-8 text",
    ),
    "UTF-16": (
        "import_gias",
        schools(ONE, change=lambda content: content.decode("cp1252").encode("utf-16")),
        r"is UTF-16 text",
    ),
    "only headings": ("import_gias", schools(), r"edubasealldata20261120\.csv: has no rows"),
    "circle of successors": (
        "import_gias",
        links(
            of.link("100000", "100001", "Successor", "01-09-2026"),
            of.link("100001", "100002", "Successor", "01-09-2026"),
            of.link("100000", "100002", "Predecessor", "01-09-2026"),
        ),
        (
            r"links_edubasealldata20261120\.csv, row \d, column LinkURN: schools would succeed "
            r"each other in a circle: 10000\d → 10000\d → 10000\d → 10000\d"
        ),
    ),
    "own successor": (
        "import_gias",
        links(of.link("100000", "100000", "Successor", "01-09-2026")),
        r"row 2, column LinkURN: '100000' would succeed itself",
    ),
    "organisation twice": (
        "import_ods",
        file("etr.csv", 2 * of.nhs("RBK", "WALSALL NHS TRUST", "QUA", "19910401").encode()),
        r"etr\.csv, row 2, column 1: 'RBK' is in row 1 already",
    ),
    "closed before it opened": (
        "import_ods",
        file("etr.csv", of.nhs("RBK", "A NHS TRUST", "QUA", "20260401", "20260331").encode()),
        r"etr\.csv, row 1, column 12: is before the day it opened",
    ),
}


@pytest.mark.parametrize("case", BAD, ids=str)
def test_it_is_refused_by_name_and_nothing_is_written(case: str, tmp_path: Path) -> None:
    command, make, message = BAD[case]
    path = make(tmp_path)
    before = last_written()

    with pytest.raises(CommandError, match=message) as refusal:
        call_command(command, path, "--quiet")

    assert str(refusal.value).endswith("Nothing has been written.")
    assert last_written() == before


def test_two_files_of_schools_at_once_are_refused(tmp_path: Path) -> None:
    one = schools(ONE)(tmp_path)
    other = file("edubaseallstatefunded.csv", of.table(of.COLUMNS, [ONE]))(tmp_path)

    with pytest.raises(CommandError, match="is a second file of schools"):
        call_command("import_gias", one, other, "--quiet")


def test_names_of_governors_are_not_read(tmp_path: Path) -> None:
    path = file("governancealldata20261120.csv", b"GID,URN,Title\r\n1,100000,Ms\r\n")(tmp_path)

    with pytest.raises(CommandError, match="holds nothing that is kept here"):
        call_command("import_gias", path, "--quiet")
