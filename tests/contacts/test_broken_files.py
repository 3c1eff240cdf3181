"""A file that is not right: named with row and column, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from contacts.imports.england import REFERENCE
from tests.contacts.test_england import last_written

pytestmark = pytest.mark.usefixtures("db")

Change = Callable[[bytes], bytes]


def at_row(number: int, old: bytes, new: bytes) -> Change:
    """Change the first `old` in a row, counted as the message counts."""

    def change(content: bytes) -> bytes:
        rows = content.splitlines(keepends=True)
        assert old in rows[number - 1], rows[number - 1]
        rows[number - 1] = rows[number - 1].replace(old, new, 1)
        return b"".join(rows)

    return change


def repeat_last(content: bytes) -> bytes:
    """The last row once more."""
    return content + content.splitlines(keepends=True)[-1]


BROKEN: dict[str, tuple[str, Change, str]] = {
    "number": (
        "england/schools.csv",
        at_row(2, b"51.513458", b"north"),
        r"schools\.csv, row 2, column lat: 'north' is not a number from 49\.8 to 56",
    ),
    "far away": (
        "england/schools.csv",
        at_row(2, b"51.513458", b"nan"),
        r"schools\.csv, row 2, column lat: 'nan' is not a number",
    ),
    "postcode": (
        "england/schools.csv",
        at_row(2, b"EC3A 5DE", b"EC3A"),
        r"schools\.csv, row 2, column postcode: 'EC3A' is not a postcode",
    ),
    "council": (
        "england/schools.csv",
        at_row(3, b",201,", b",999,"),
        r"schools\.csv, row 3, column dfe_la_code: '999' is the number of no council",
    ),
    "no name": (
        "england/schools.csv",
        at_row(2, b"The Aldgate School", b" "),
        r"schools\.csv, row 2, column name: is empty",
    ),
    "endless name": (
        "england/schools.csv",
        at_row(2, b"The Aldgate School", b"x" * 201),
        r"schools\.csv, row 2, column name: has 201 characters, at most 200 fit",
    ),
    "control character": (
        "england/schools.csv",
        at_row(2, b"The Aldgate School", "The\u202eAldgate".encode()),
        r"schools\.csv, row 2, column name: has characters that cannot be printed",
    ),
    "encoding": (
        "england/schools.csv",
        at_row(40, b"School", b"Schoo\xe9"),
        r"schools\.csv, row 40: is not UTF-8 text",
    ),
    "row cut off": (
        "england/schools.csv",
        lambda content: content[: content.rindex(b",") - 40],
        r"schools\.csv, row 25072: has \d+ values, the header has 22",
    ),
    "school twice": (
        "england/schools.csv",
        repeat_last,
        r"schools\.csv, row 25073, column urn: '\d+' is in row 25072 already",
    ),
    "column": (
        "england/academy_trusts.csv",
        at_row(1, b"group_name", b"title"),
        r"academy_trusts\.csv, row 1, column group_name: is missing",
    ),
    "date": (
        "england/academy_trusts.csv",
        at_row(2, b"15/08/2011", b"2011-08-15"),
        r"academy_trusts\.csv, row 2, column incorporated_on__open_date_: '2011-08-15' is not",
    ),
    "board of a trust": (
        "england/nhs_trusts.csv",
        at_row(2, b"QMJ", b"QQQ"),
        r"nhs_trusts\.csv, row 2, column icb_code: 'QQQ' is the code of no board",
    ),
    "closed before it opened": (
        "england/nhs_trusts.csv",
        at_row(2, b"20241101,", b"20241101,20200101"),
        r"nhs_trusts\.csv, row 2, column close_date: is before the open_date",
    ),
    "share": (
        "england/local_authority_icb.csv",
        at_row(2, b"1.0", b"1.5"),
        r"local_authority_icb\.csv, row 2, column share: '1\.5' is not a number from 0 to 1",
    ),
    "board of a council": (
        "england/local_authority_icb.csv",
        at_row(2, b"QMF", b"QMJ"),
        r"local_authority_icb\.csv, row 2, column icb_ods: 'QMJ' is the code of no board of today",
    ),
    "board without a successor": (
        "england/icb_succession.csv",
        lambda content: b"".join(content.splitlines(keepends=True)[:-1]),
        r"icbs_until_2026_03_31\.csv, row \d+, column icb_ods: is neither a board of today nor",
    ),
    "home page": (
        "england/council_home_pages.csv",
        lambda content: content.replace(b"https://go.walsall", b"javascript:go.walsall"),
        r"council_home_pages\.csv, row \d+, column homepage_url: 'javascript:",
    ),
    "empty": ("england/nhs_regions.csv", lambda content: b"", "nhs_regions.csv, row 1, column"),
    "only a header": (
        "england/nhs_regions.csv",
        lambda content: content.splitlines(keepends=True)[0],
        r"nhs_regions\.csv: has no rows",
    ),
    "not YAML": (
        "framework/roles.yaml",
        lambda content: b"nhs: [",
        r"roles\.yaml: is not YAML",
    ),
    "role without days": (
        "framework/roles.yaml",
        lambda content: content.replace(b"check_every_days: 90", b"check_every_days: 0", 1),
        r"roles\.yaml, column check_every_days: role 1 of nhs: is not a number of days",
    ),
}


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """A folder like `reference/`, whose files may be replaced."""
    for folder in ("england", "framework"):
        (tmp_path / folder).mkdir()
        for file in (REFERENCE / folder).iterdir():
            (tmp_path / folder / file.name).symlink_to(file)
    return tmp_path


@pytest.mark.parametrize("case", BROKEN, ids=str)
def test_a_broken_file_is_named_and_nothing_is_written(case: str, reference: Path) -> None:
    name, change, message = BROKEN[case]
    file = reference / name
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(change(content))
    before = last_written()

    with pytest.raises(CommandError, match=message) as refusal:
        call_command("load_england", "--quiet", "--reference", reference)

    assert str(refusal.value).endswith("Nothing has been written.")
    assert last_written() == before


@pytest.mark.parametrize("name", ["england/icbs.csv", "framework/roles.yaml"])
def test_a_missing_file_is_named(name: str, reference: Path) -> None:
    (reference / name).unlink()

    with pytest.raises(CommandError, match=r"cannot be read \(No such file"):
        call_command("load_england", "--quiet", "--reference", reference)
