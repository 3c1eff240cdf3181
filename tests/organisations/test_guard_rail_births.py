"""Dates of birth are found by the words beside them, and other dates are left alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.guard_rail import IdentifierKind, find_identifiers
from tests.organisations.spellings import WORDS

BORN = (
    *("DOB: {}", "D.O.B. {}", "d o b {}", "dob={}", "Date of birth {}", "date_of_birth: {}"),
    *("Date of Birth (dd/mm/yyyy): {}", "birth date - {}", "Birthdate is {}", "DOB\n{}"),
    *("date of birth was the {}", "born {}", "born on {}", "She was born on the {}", "{} (DOB)"),
    *("{}, date of birth", "B. Sc., dob | {}", "ＤＯＢ {}", "d\u200bob {}"),
)
WRITTEN = (
    "%d/%m/%Y",
    "%d/%m/%y",
    "%d-%m-%Y",
    "%d.%m.%y",
    "%-d . %-m . %Y",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%-d %B %Y",
    "%-dth of %B %Y",
    "%-d %b %y",
    "%-d-%b-%Y",
    "%B %-d, %Y",
    "%b. %-d %Y",
    "%d%m%Y",
    "%-d %b '%y",
)
DAYS = st.dates(date(1927, 1, 1), date(2026, 11, 1))


@given(WORDS, DAYS, st.sampled_from(BORN), st.sampled_from(WRITTEN), WORDS)
def test_a_labelled_date_is_found(
    before: str, day: date, label: str, written: str, after: str
) -> None:
    shown = day.strftime(written)
    text = f"{before} {label.format(shown)} {after}"

    (found,) = find_identifiers(text)

    assert found.kind is IdentifierKind.DATE_OF_BIRTH
    assert shown.startswith(text[found.start : found.end].rstrip("th"))


@pytest.mark.parametrize("day", ["31/02/2012", "03/04/2099", "3/14/2012", "03/04/1812"])
def test_what_is_no_day_of_anybodys_birth_is_left_alone(day: str) -> None:
    assert find_identifiers(f"DOB: {day}") == []


@given(WORDS, DAYS, st.sampled_from(WRITTEN), WORDS)
def test_other_dates_are_left_alone(before: str, day: date, written: str, after: str) -> None:
    assert find_identifiers(f"{before} {day.strftime(written)} {after}") == []


@pytest.mark.parametrize(
    "text",
    [
        "We met on 3 March 2026 about births and registrations.",
        "Please bring a proof of the date of birth. The clinic is on 3 March 2026.",
        "Do not send a date of birth: 12 families have asked.",
        "The idea was born in 2019; the first meeting was on 03/04/2020.",
        "A newborn clinic from 03/04/2026, Osborn Road",
        "Reborn 03/04/2020",
        "The NHS’s birthday, 5 July 1948",
        "dobbin 03/04/2012",
        "Date of birthing class: 03/04/2026",
        "https://example.org/dob/2012/04/03/page",
        "Born between 1 September and 31 August",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert find_identifiers(text) == []


@pytest.mark.parametrize("label", ["DOB", "date_of_birth", "Date of birth", "Born"])
def test_a_column_of_dates_of_birth_is_known_by_its_name(label: str) -> None:
    (found,) = find_identifiers("03/04/2012", label=label)

    assert found.kind is IdentifierKind.DATE_OF_BIRTH
    assert find_identifiers("03/04/2012", label="held_on") == []
