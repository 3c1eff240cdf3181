"""Files as people have them: encodings, separators, workbooks, and what is no sheet at all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from contacts.sheets import cells, files, files_out
from contacts.sheets.files import Table, read
from tests.contacts.sheets.arranging import HEADINGS, csv_of
from tests.record.arranging import NHS_NUMBER

ROW = ("Siân", "Head of children’s services", "Walsall – trust", "sian@health.example")
SHEET = csv_of([ROW]).decode()


def workbook(rows: list[list[object]], change: Callable[[object], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, **changed: bytes | None) -> bytes:
    """A workbook with parts replaced, added or (None) left out."""
    out = io.BytesIO()
    given = {name.replace("__", "/").replace("_DOT_", "."): each for name, each in changed.items()}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            if name not in given:
                after.writestr(name, before.read(name))
        for name, each in given.items():
            if each is not None:
                after.writestr(name, each)
    return out.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        read(content)
    assert set(refused.value.message_dict) == {"sheet"}
    return str(refused.value.message_dict["sheet"][0])


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_common_encoding_and_separator(encoding: str, separator: str) -> None:
    text = csv_of([ROW], separator=separator).decode()
    table = read(text.encode(encoding))

    assert table.headings == list(HEADINGS)
    assert [(line.number, line.cells) for line in table.lines] == [(2, list(ROW))]


def test_utf_16_the_other_way_round_with_its_mark() -> None:
    assert read(b"\xfe\xff" + SHEET.encode("utf-16-be")).lines[0].cells == list(ROW)


def test_what_excel_says_of_the_separator_is_believed() -> None:
    table = read(b"sep=;\r\n" + csv_of([ROW], separator=";"))

    assert (table.headings, table.lines[0].number) == (list(HEADINGS), 3)


def test_rows_are_numbered_as_a_spreadsheet_does() -> None:
    text = '\n"Name","Email"\n"Two\nlines",a@b.example\n\n ,\nLast,c@d.example\n'
    table = read(text.encode())

    assert [(line.number, line.cells[0]) for line in table.lines] == [(3, "Two lines"), (6, "Last")]


def test_a_workbooks_values_are_read_as_a_person_reads_them() -> None:
    rows: list[list[object]] = [
        ["Name", "Start", "Code", "Share", "Yes", "None"],
        ["A", datetime.combine(date(2026, 9, 1), time()), 335, 1.5, True, None],
        [None] * 6,
        ["B", date(2026, 9, 2), "RBK", 7.0, False, "x"],
    ]
    table = read(workbook(rows))

    assert table.headings == ["Name", "Start", "Code", "Share", "Yes", "None"]
    assert [(line.number, line.cells) for line in table.lines] == [
        (2, ["A", "2026-09-01", "335", "1.5", "TRUE", ""]),
        (4, ["B", "2026-09-02", "RBK", "7", "FALSE", "x"]),
    ]


def test_a_workbook_of_many_rows_is_counted_and_refused() -> None:
    content = files_out.write("xlsx", ["Name"], ([f"Person {n}"] for n in range(10_001)))

    assert "10,001 rows; 10,000 at most" in refusal(content)


def test_fifty_thousand_rows_are_refused_by_their_number() -> None:
    assert "50,000 rows; 10,000 at most" in refusal(csv_of([ROW] * 50_000))


def test_ten_thousand_rows_are_read() -> None:
    assert len(read(csv_of([ROW] * 10_000)).lines) == 10_000


def test_more_than_ten_megabytes_are_refused() -> None:
    assert "larger than 10 MB" in refusal(b"Name\n" + b"a\n" * 6_000_000)


WORKBOOK = workbook([["Name"], ["A"]])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\r\n\r\n", "is empty"),
        (b"Name,Email\r\n,\r\n", "only headings"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file"),
        (b"%PDF-1.7", "PDF"),
        (b"<html><table>", "web page"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\r", "not a CSV file"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0", "not a CSV file"),
        (b"\xff\xfe\0\0N\0\0\0", "not a CSV file"),
        (b"Name\n\x81\x8d\x8f", "letters cannot be read"),
        (b'Name,Email\n"A,b\n', "quotation mark"),
        (b"Name\n" + b'"' + b"a" * 200_000 + b'"', "too long|quotation mark"),
        (b"PK\x03\x04 and nothing else", "not an Excel workbook"),
        (WORKBOOK[:-40], "not an Excel workbook"),
        (repacked(WORKBOOK, xl__vbaProject_DOT_bin=b"x"), "contains macros"),
        (repacked(WORKBOOK, xl__macrosheets__sheet1_DOT_xml=b"x"), "contains macros"),
        (repacked(WORKBOOK, xl__workbook_DOT_xml=None), "not an Excel workbook"),
        (repacked(WORKBOOK, xl__worksheets__sheet1_DOT_xml=b"<broken"), "not an Excel workbook"),
        (repacked(WORKBOOK, xl__media__a_DOT_bin=b"0" * 50_000_000), "unpacks to far more"),
    ],
)  # fmt: skip
def test_what_is_no_sheet_is_refused_in_words(content: bytes, said: str) -> None:
    message = refusal(content)

    assert any(part in message for part in said.split("|")), message


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
)


def test_entities_in_a_workbook_are_refused() -> None:
    assert "not an Excel workbook" in refusal(
        repacked(WORKBOOK, xl__worksheets__sheet1_DOT_xml=BOMB)
    )


def test_a_row_far_down_and_a_column_far_right_take_no_time() -> None:
    def far(sheet: object) -> None:
        sheet["A1048576"] = "last"  # type: ignore[index]
        sheet["XFD3"] = "far"  # type: ignore[index]

    table = read(workbook([["Name"], ["A"]], far))

    assert table.headings == ["Name"]
    assert table.lines[0].cells == ["A"]


@pytest.mark.parametrize("text", [f"Child {NHS_NUMBER}", "943\u200b4765919", "NHS 9434765919"])
def test_a_number_of_a_child_is_never_kept(text: str) -> None:
    table = read(csv_of([("A", "Nurse", "RBK", "a@b.example", text)], (*HEADINGS, "Notes")))
    (line,) = table.lines

    assert line.cells[4] == ""
    (column, said), *others = line.withheld
    assert (column, others) == (4, [])
    assert "an NHS number, so it was not kept" in said
    assert "943" not in str(table)


def test_a_telephone_number_is_not_taken_for_one() -> None:
    table = read(csv_of([("2079460958", "0121 496 0000")], ("Telephone", "Notes")))

    assert table.lines[0].withheld == []


def test_a_number_of_a_child_among_the_headings_refuses_the_file() -> None:
    assert "must be headings" in refusal(csv_of([ROW], ("Name", NHS_NUMBER, "a", "b")))


def test_more_cells_than_headings_are_named() -> None:
    (line,) = read(b"Name,Email\nA,a@b.example,more\n").lines

    assert line.cells == ["A", "a@b.example"]
    assert line.withheld == [(None, "There is more in this row than there are headings")]


@pytest.mark.parametrize(
    "text",
    ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1", "+44 20 7946 0958 &cmd"],
)
def test_formulas_are_seen(text: str) -> None:
    assert cells.is_formula(cells.tidy(text))


@pytest.mark.parametrize("text", ["+44 20 7946 0958", "+44 (0)121 496 0000 ext 12", "A = b", "'=1"])
def test_what_is_no_formula_is_not_taken_for_one(text: str) -> None:
    assert not cells.is_formula(cells.tidy(text))


def test_a_formula_of_a_workbook_is_read_as_it_is_written() -> None:
    (line,) = read(workbook([["Name"], ["=1+1"]])).lines

    assert line.cells == ["=1+1"]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_what_was_marked_is_never_a_formula_and_comes_back(text: str) -> None:
    out = cells.marked(text)

    assert not cells._FORMULA.match(out)
    assert cells.unmarked(out) == text


@pytest.mark.parametrize(
    "text",
    ["2027-07-21", "21/07/2027", "21/7/2027", "21.07.2027", "21-7-2027", "21 July 2027",
     "21st Jul 2027", "2027-07-21 00:00:00", "2027-07-21T00:00:00"],
)  # fmt: skip
def test_days_as_people_write_them(text: str) -> None:
    assert cells.read_date(text) == date(2027, 7, 21)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("07/21/2027", "day before the month"),
        ("31/02/2027", "no day"),
        ("21/07/27", "four digits"),
        ("soon", "Write the date like"),
        ("46224", "Write the date like"),
        ("21/07/0027", "Check the year"),
    ],
)
def test_days_that_cannot_be_told_are_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        cells.read_date(text)


def a_table_or_words(content: bytes) -> None:
    """Whatever it is given, a table comes back or a refusal in words: nothing else."""
    table, said = None, "none"
    try:
        table = read(content)
    except ValidationError as refused:
        (said,) = refused.message_dict["sheet"]

    assert said
    if table is not None:
        assert isinstance(table, Table)
        assert all(len(line.cells) <= len(table.headings) for line in table.lines)


@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    a_table_or_words(content)


@given(st.binary(max_size=300), st.sampled_from([b"PK\x03\x04", b"\xff\xfe", b"sep=", b"Name,"]))
def test_any_bytes_after_a_known_beginning(content: bytes, beginning: bytes) -> None:
    a_table_or_words(beginning + content)


@given(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=8))
def test_a_workbook_that_was_damaged_anywhere(at: int, put: bytes) -> None:
    a_table_or_words(WORKBOOK[:at] + put + WORKBOOK[at + len(put) :])


@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_any_text_in_any_encoding(text: str, encoding: str) -> None:
    a_table_or_words(text.encode(encoding, errors="ignore"))


def test_the_limit_is_the_one_the_page_says() -> None:
    assert files.LARGEST == 10 * 1024 * 1024
