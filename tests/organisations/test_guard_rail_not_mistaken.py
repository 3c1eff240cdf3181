"""What looks like an identifier and is none: telephones, addresses, references, sums, dates."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.guard_rail import find_identifiers
from organisations.guard_rail.nhs_numbers import has_valid_check_digit
from tests.organisations.spellings import WORDS, nhs_numbers, numbers, telephone_numbers


@given(WORDS, telephone_numbers(), WORDS)
def test_telephone_numbers_are_never_refused(before, telephone, after):
    assert find_identifiers(f"{before} {telephone}; {after}") == []


@given(st.lists(telephone_numbers(), min_size=2, max_size=4))
def test_lists_of_telephone_numbers_are_never_refused(telephones):
    assert find_identifiers(", ".join(telephones)) == []
    assert find_identifiers("\n".join(telephones)) == []


@given(nhs_numbers(st.sampled_from(["121", "7700", "20", "800"])))
def test_a_telephone_field_holds_telephone_numbers(digits):
    assert find_identifiers(digits, label="work_telephone") == []
    assert find_identifiers(f"{digits[:3]} {digits[3:6]} {digits[6:]}", label="Phone number") == []


@given(nhs_numbers(st.sampled_from(["4", "6", "9", "70"])))
def test_a_telephone_field_holds_no_number_that_cannot_be_one(digits):
    assert find_identifiers(digits, label="telephone")


ADDRESSES = [
    "https://example.org/{}",
    "https://example.org/page?id={}&next=2",
    "http://example.org/a/{}/b.html#c{}",
    "www.nhs.uk/{}",
    "Www.example.com/x-{}",
    "school.example.org/{}",
    "example.gov.uk/{}/agenda",
    "example.org:8000/{}",
    "{}@example.org",
    "pupil.office.{}@school.example",
    "ftp://example.org/{}.pdf",
    "https://doi.org/10.1000/{}",
    "doi:10.1000/{}",
    "teams.example.com/meet/{}",
]


@given(nhs_numbers(), st.sampled_from(ADDRESSES), WORDS, WORDS)
def test_web_and_email_addresses_are_never_refused(digits, address, before, after):
    assert find_identifiers(f"{before} {address.replace('{}', digits)} {after}") == []


@given(numbers(11) | numbers(12) | numbers(13) | numbers(16) | numbers(20), WORDS, WORDS)
def test_longer_runs_of_digits_are_never_refused(digits, before, after):
    assert find_identifiers(f"{before} ; {digits} {after}") == []


@given(numbers(9) | numbers(8) | numbers(6), WORDS, WORDS)
def test_shorter_runs_of_digits_are_never_refused(digits, before, after):
    assert find_identifiers(f"{before} ; {digits} {after}") == []


@given(nhs_numbers(), st.sampled_from("£$€¥"))
def test_sums_of_money_are_never_refused(digits, sign):
    assert find_identifiers(f"worth {sign}{digits} a year") == []


@given(nhs_numbers(), numbers(2))
def test_decimals_are_never_refused(digits, more):
    assert find_identifiers(f"{more}.{digits}") == []
    assert find_identifiers(f"{digits}.{more}") == []


@given(
    nhs_numbers(),
    st.sampled_from(["REF-", "ref-", "INV-", "PO-", "ORD-", "AB", "PO", "RXK", "GB", "inc_"]),
)
def test_references_with_letters_are_never_refused(digits, prefix):
    assert find_identifiers(f"Order {prefix}{digits}, please") == []


DATE_FORMATS = [
    *("%Y-%m-%dT%H:%M:%S", "%Y%m%dT%H%M%SZ", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y%m%d"),
    *("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %m %Y", "%d/%m/%Y %H%M", "%H:%M %d/%m/%y"),
    *("%Y%m%d%H%M%S", "%Y%m%d%H%M"),
]


@given(st.datetimes(min_value=datetime(1900, 1, 1)), st.sampled_from(DATE_FORMATS))  # noqa: DTZ001
def test_dates_and_times_are_never_refused(moment, pattern):
    assert find_identifiers(f"From {moment.strftime(pattern)} to {moment.strftime(pattern)}") == []


@given(nhs_numbers())
def test_book_numbers_have_the_same_check_digit_and_are_not_refused(digits):
    # An ISBN of ten digits passes the NHS check by its very construction.
    assert has_valid_check_digit("0306406152")
    assert find_identifiers(f"ISBN {digits}") == []
    assert find_identifiers(f"ISBN-10: {digits}") == []
    assert find_identifiers(f"978-{digits}") == []
    assert find_identifiers(f"{digits[0]}-{digits[1:4]}-{digits[4:9]}-{digits[9]}") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no digits at all",
        "Order 4505577104123",
        "URN 104247, UKPRN 10012345, ODS RXK, LAESTAB 335/2105",
        "Opened as 104247 2011",
        "Company number 07523436, charity 1234567",
        "£1,234,567,890",
        "1,234,567,890 visits",
        "Card 4000 0012 3456 7899",
        "Amex 3714 496353 98431",
        "20-00-00 55779911",
        "GB29 NWBK 6016 1331 9268 19",
        "550e8400-e29b-41d4-a716-446655440000",
        "a1b2c3d4e5f60718293a4b5c6d7e8f90",
        "4505577104ab12cd34",
        "VAT 123 4567 89",
        "0121 496 0000 ext 4506",
        "0121 496 0000 / 0121 496 0001",
        "+353 1 234 5678 or +1 212 555 0123",
        "020 7946 0958, 01632 960 983 and 07700 900123",
        "01204 65919",
        "(212) 555-0123",
        "192.168.10.124 and 10.0.12.255",
        "3.141 592 6536".replace(" ", ""),
        "Rooms 12, 14, 16, 18 and 20",
        "943, 476, 5919",
        "943. 476. 5919",
        "943\n476\n5919",
        "943\t476\t5919",
        "attended 943 then 476 then 5919",
        "943    476    5919",
        "2026/27 2027/28 2028/29",
        "10:30 11:30 12:30",
        "53.4808, -2.2426",
        "1 2 3 4 5 6 7 8 9 0 1 2",
        "ORCID 0000-0002-1825-0097",
        "943-476-5919-12",
        "12.943.476.5919",
    ],
)
def test_not_refused(text):
    assert find_identifiers(text) == []
