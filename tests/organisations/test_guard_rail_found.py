"""Every valid NHS number is found, however it is written and whatever stands around it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from organisations.guard_rail import IdentifierKind, find_identifiers, find_identifiers_in
from organisations.guard_rail.nhs_numbers import has_valid_check_digit
from tests.organisations.spellings import nhs_numbers, numbers, surrounded, upn_letter, written

ONE_GROUP_OR_USUAL: list[tuple[int, ...]] = [(10,), (3, 3, 4), (3, 3, 4), (3, 7), (1,) * 10]
TWO_GROUPS: list[tuple[int, ...]] = [(6, 4), (5, 5)]
SAMPLE = "943 476 5919"


@given(st.data(), nhs_numbers())
def test_every_spelling_is_found_inside_any_text(data, digits):
    number = data.draw(written(digits, ONE_GROUP_OR_USUAL))
    text, start, end = data.draw(surrounded(number))
    found = find_identifiers(text)
    assert [(f.kind, f.start, f.end) for f in found] == [(IdentifierKind.NHS_NUMBER, start, end)]


@given(st.data(), nhs_numbers(st.sampled_from("123456789")))
def test_two_groups_are_found_too(data, digits):
    assume(digits[6:8] not in ("19", "20"))
    text, start, end = data.draw(surrounded(data.draw(written(digits, TWO_GROUPS))))
    assert [(f.start, f.end) for f in find_identifiers(text)] == [(start, end)]


@given(st.data(), nhs_numbers(), st.integers(1, 9))
def test_a_wrong_check_digit_is_not_found(data, digits, step):
    wrong = digits[:9] + str((int(digits[9]) + step) % 10)
    text, _, _ = data.draw(surrounded(data.draw(written(wrong, ONE_GROUP_OR_USUAL + TWO_GROUPS))))
    assert find_identifiers(text) == []


@given(st.data(), st.lists(nhs_numbers(), min_size=2, max_size=6))
def test_every_number_of_a_list_is_found(data, several):
    shapes = data.draw(st.sampled_from([[(10,)], [(3, 3, 4)]]))
    numbers_written = [data.draw(written(digits, shapes)) for digits in several]
    text = data.draw(st.sampled_from([", ", "\n", "; ", " and ", "\t", ","])).join(numbers_written)
    assert len(find_identifiers(text)) == len(several)


@given(numbers(9))
def test_one_check_digit_at_most_is_valid(nine):
    valid = [digit for digit in "0123456789" if has_valid_check_digit(nine + digit)]
    assert len(valid) <= 1


@given(st.data(), nhs_numbers())
def test_found_in_lists_and_dictionaries(data, digits):
    text = data.draw(written(digits, ONE_GROUP_OR_USUAL))
    assert len(find_identifiers_in({"notes": ["fine", {"deep": (text, 7, None)}]})) == 1
    assert len(find_identifiers_in({text: True})) == 1


@pytest.mark.parametrize(
    "text",
    [
        SAMPLE,
        "9434765919",
        "NHS9434765919",
        "NHSno9434765919",
        "NHS-9434765919",
        "NHS number: 943-476-5919.",
        "id9434765919",
        "Patient:9434765919",
        "patient_9434765919",
        "Amy, 943 476 5919, 12/03/2015",
        "943 476 5919 12/03/2015",
        "9434765919 12/03/2015",
        "Year 7 943 476 5919",
        "9434765919/4505577104",
        "9434765919-4505577104",
        "(943 476 5919)",
        "=9434765919",
        "'9434765919",
        "9434765919,12,WS1 2AB",
        "943 476\n5919",
        "943\n476 5919",
        "943  476   5919",
        "9 4 3 4 7 6 5 9 1 9",
        "9-4-3-4-7-6-5-9-1-9",
        "943.476.5919",
        "943/476/5919",
        "943_476_5919",
        "943 - 476 - 5919",
        "患者9434765919号",
        "her number is 9434765919.Next week we meet",
        "see https://example.org and 9434765919",
        "https://example.org/?nhsNumber=9434765919",
        "https://example.org/nhs-no/9434765919",
        "office@example.org,9434765919",
        "Ref 9434765919",
        "Our reference: 943 476 5919",
        # No telephone number begins with these once its 0 is lost.
        "Call the family of 943 476 5919",
        "Phone call about 4505577104",
        "rang mum on Monday about 6089163546",
        # A word for telephones, but the NHS comes nearer.
        "call about NHS 1214960006",
        # No telephone word within reach.
        "telephone the school, and then at length speak to her about 1234567881",
    ],
)
def test_found(text):
    assert find_identifiers(text), text


def test_where_two_kinds_overlap_one_is_reported():
    # A UPN whose digits, spaced like this, hold a valid NHS number as well.
    for rest in (f"9434765919{serial:02d}" for serial in range(100)):
        text = f"{upn_letter(rest)} 943 476 5919 {rest[10:]}"
        assert [found.kind for found in find_identifiers(text)] == [IdentifierKind.UPN]


def test_positions_are_those_of_the_text_given():
    text = "\u200bsee 943\u200b \u200d476 59\u00ad19 now"
    (found,) = find_identifiers(text)
    assert text[found.start : found.end] == "943\u200b \u200d476 59\u00ad19"
