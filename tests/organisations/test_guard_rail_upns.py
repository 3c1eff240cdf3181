"""Unique pupil numbers, permanent and temporary."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from organisations.guard_rail import IdentifierKind, find_identifiers
from tests.organisations.spellings import ALPHABET, numbers, surrounded, upn_letter, written

PERMANENT = numbers(12)
TEMPORARY = st.builds(str.__add__, numbers(11), st.sampled_from(ALPHABET))
SPACED = [(1, 3, 4, 2, 3), (1, 3, 4, 5), (1, 12), (1, 4, 4, 4), (1, 3, 3, 3, 3)]


@given(st.data(), PERMANENT | TEMPORARY, st.booleans())
def test_every_upn_is_found_inside_any_text(data, rest, small):
    upn = upn_letter(rest) + rest
    text, start, end = data.draw(surrounded(upn.lower() if small else upn))
    found = find_identifiers(text)
    assert [(f.kind, f.start, f.end) for f in found] == [(IdentifierKind.UPN, start, end)]


@given(st.data(), PERMANENT | TEMPORARY, st.booleans())
def test_spaced_upns_are_found(data, rest, small):
    assume(not rest.startswith(("0", "44")))  # those may be telephone numbers
    upn = upn_letter(rest) + rest
    number = data.draw(written(upn.lower() if small else upn, SPACED))
    text, start, end = data.draw(surrounded(number))
    assert (IdentifierKind.UPN, start, end) in [
        (f.kind, f.start, f.end) for f in find_identifiers(text)
    ]


@given(st.data(), PERMANENT | TEMPORARY, st.sampled_from(ALPHABET))
def test_a_wrong_check_letter_is_not_found(data, rest, letter):
    assume(letter != upn_letter(rest))
    text, _, _ = data.draw(surrounded(letter + rest))
    assert find_identifiers(text) == []


@given(PERMANENT | TEMPORARY)
def test_only_one_letter_is_right(rest):
    found = [letter for letter in ALPHABET if find_identifiers(letter + rest)]
    assert found == [upn_letter(rest)]


@given(PERMANENT)
def test_not_found_in_longer_codes_nor_in_addresses(rest):
    upn = upn_letter(rest) + rest
    assert find_identifiers(f"{upn}7") == []
    assert find_identifiers(f"X{upn}") == []
    assert find_identifiers(f"{upn}AB") == []
    assert find_identifiers(f"https://example.org/{upn}") == []
    assert find_identifiers(f"{upn}@example.org") == []


@pytest.mark.parametrize(
    "text",
    [
        "B801200005001",
        "b801200005001",
        "B 801 2000 05 001",
        "B-801-2000-05-001",
        "UPN B801200005001",
        "UPN:B801200005001",
        "UPNB801200005001",
        "Ｂ８０１２００００５００１",
        "(B801200005001)",
        "https://example.org/?upn=B801200005001",
        "B\u200b801\u00a02000 05001",
    ],
)
def test_found(text):
    assert [found.kind for found in find_identifiers(text)] == [IdentifierKind.UPN]


@pytest.mark.parametrize(
    "text",
    [
        "A801200005001",
        "I801200005001",
        "Room B, 801 pupils, 2000 places, 05001",
        "Option A 0121 496 0000 B",
        "M 44 7700 900123",
        "M: 447700900123",
        "WS1 2AB 0121 496 0000",
    ],
)
def test_not_found(text):
    assert find_identifiers(text) == []
