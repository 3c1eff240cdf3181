"""Names, addresses and boards, worked out from what the files say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.imports import names, slugs
from contacts.imports.boards import Boards
from contacts.imports.files import mended


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("WALSALL HEALTHCARE NHS TRUST", "Walsall Healthcare NHS Trust"),
        ("UNIVERSITY HOSPITALS OF DERBY AND BURTON NHS FOUNDATION TRUST",
         "University Hospitals of Derby and Burton NHS Foundation Trust"),
        ("ALDER HEY CHILDREN'S NHS FOUNDATION TRUST", "Alder Hey Children's NHS Foundation Trust"),
        ("GUY'S AND ST THOMAS' NHS FOUNDATION TRUST", "Guy's and St Thomas' NHS Foundation Trust"),
        ("THE NEWCASTLE UPON TYNE HOSPITALS", "The Newcastle upon Tyne Hospitals"),
        ("KING EDWARD VI ACADEMY TRUST BIRMINGHAM", "King Edward VI Academy Trust Birmingham"),
        ("ST. JOHN PAUL II MULTI ACADEMY COMPANY", "St. John Paul II Multi Academy Company"),
        ("ST MARY'S CE ACADEMY, CHESHUNT", "St Mary's CE Academy, Cheshunt"),
        ("ST. JAMES' R.C. PRIMARY SCHOOL", "St. James' R.C. Primary School"),
        ("LDBS FRAYS ACADEMY TRUST", "LDBS Frays Academy Trust"),
        ("GLF SCHOOLS", "GLF Schools"),
        ("JOHN TAYLOR MAT", "John Taylor MAT"),
        ("REACH2 ACADEMY TRUST", "REAch2 Academy Trust"),
        ("THE MCAULEY CATHOLIC HIGH SCHOOL", "The McAuley Catholic High School"),
        ("QUEST (A CHURCH OF ENGLAND SCHOOLS TRUST)", "Quest (A Church of England Schools Trust)"),
        ("OUR CHILDREN 1ST", "Our Children 1st"),
        ("E-ACT", "E-ACT"),
        ("ST MARTIN-IN-THE-FIELDS HIGH SCHOOL", "St Martin-in-the-Fields High School"),
        ("O'CONNOR LTD", "O'Connor Ltd"),
        ("St Mary's CofE Primary School", "St Mary's CofE Primary School"),
    ],
)  # fmt: skip
def test_names_in_capitals_become_readable(printed: str, written: str) -> None:
    assert names.readable(printed) == written


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("STOKE-ON-TRENT", "Stoke-on-Trent"),
        ("Stoke-On-Trent", "Stoke-on-Trent"),
        ("KING'S LYNN", "King's Lynn"),
        ("BURY ST. EDMUNDS", "Bury St. Edmunds"),
        ("Chester-Le-Street", "Chester-le-Street"),
        ("Wells-Next-The-Sea", "Wells-next-the-Sea"),
    ],
)
def test_towns(printed: str, written: str) -> None:
    assert names.place(printed) == written


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("St John\x92s  CE Primary School", "St John's CE Primary School"),
        ("Alleyns\xa0Regents Park Prep", "Alleyns Regents Park Prep"),
        ("LADY HAWKINS\ufffd SCHOOL", "LADY HAWKINS' SCHOOL"),
        ("ARET\ufffd LEARNING TRUST", "ARETÉ LEARNING TRUST"),
        ("St Thomas \ufffd Becket Catholic School", "St Thomas à Becket Catholic School"),
    ],
)
def test_lost_letters_are_mended(broken: str, whole: str) -> None:
    assert mended(broken) == whole


def test_those_who_share_a_name_carry_their_code() -> None:
    named = [
        (("school", "1"), "St Mary's School"),
        (("school", "2"), "St Mary's School"),
        (("school_trust", "1"), "ST MARY'S SCHOOL"),
        (("council", "3"), "Walsall"),
        (("school", "9"), "!!!"),
    ]

    assert slugs.assign(named, {}) == {
        ("school", "1"): "st-marys-school-1",
        ("school", "2"): "st-marys-school-2",
        ("school_trust", "1"): "st-marys-school-school-trust-1",
        ("council", "3"): "walsall",
        ("school", "9"): "9",
    }


def test_a_slug_once_given_stays() -> None:
    taken = {("council", "3"): "walsall"}

    again = slugs.assign([(("council", "3"), "Another"), (("school", "4"), "Walsall")], taken)

    assert again == {("council", "3"): "walsall", ("school", "4"): "walsall-4"}


@given(st.lists(st.tuples(st.integers(0, 99), st.text("aAb -1", max_size=130)), max_size=30))
def test_slugs_are_unique_short_and_stay(rows: list[tuple[int, str]]) -> None:
    named = [((f"kind{number % 3}", str(number)), name) for number, name in dict(rows).items()]

    given_slugs = slugs.assign(named, {})

    assert len(set(given_slugs.values())) == len(named)
    assert all(0 < len(slug) <= slugs.LONGEST for slug in given_slugs.values())
    assert slugs.assign(reversed(named), given_slugs) == given_slugs


BOARDS = Boards(
    current=frozenset({"NEW1", "NEW2", "SAME"}),
    successors={"MERGED": ["NEW1"], "SPLIT": ["NEW1", "NEW2"]},
    of_council={"100": ["NEW1"], "200": ["NEW2"], "300": ["SAME"]},
    councils_of={"AA1": ["100"], "AB1": ["100", "200"], "AC1": ["300"], "AD1": ["100", "300"]},
)


@pytest.mark.parametrize(
    ("published", "postcode", "belongs"),
    [
        ("SAME", "AA1 1AA", ("SAME", "published")),
        ("MERGED", "", ("NEW1", "succession")),
        ("SPLIT", "AA1 1AA", ("NEW1", "postcode")),
        ("SPLIT", "AD1 1AA", ("NEW1", "postcode")),  # the other board there is no successor
        ("SPLIT", "AB1 1AA", (None, "to_check")),  # both successors are there
        ("SPLIT", "AC1 1AA", (None, "to_check")),  # neither is
        ("SPLIT", "ZZ9 9ZZ", (None, "to_check")),
        ("SPLIT", "", (None, "to_check")),
    ],
)
def test_the_board_of_an_nhs_trust(
    published: str, postcode: str, belongs: tuple[str | None, str]
) -> None:
    assert BOARDS.belongs_to(published, postcode) == belongs


def test_a_code_of_no_board_is_refused() -> None:
    with pytest.raises(KeyError):
        BOARDS.belongs_to("NONE", "AA1 1AA")
