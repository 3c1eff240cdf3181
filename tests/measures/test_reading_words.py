"""What a cell says: the period that it names, and whether it is about a single person. Pure."""

from __future__ import annotations

from datetime import date

import pytest

from calendars.terms import typical_terms
from initiatives.measures.periods import ended_periods, periods_to_come
from initiatives.measures.periods_written import NoSuchPeriod, read_period
from organisations.guard_rail.people import asks_for_a_person, counts_or_names, is_like_a_name

TODAY = date(2027, 1, 4)


def meant(kind: str, text: str) -> str:
    over = ended_periods(kind, TODAY, typical_terms)
    return read_period(text, kind, over, periods_to_come(kind, TODAY, typical_terms)).name


@pytest.mark.parametrize(
    ("kind", "name", "texts"),
    [
        (
            "month",
            "December 2026",
            "december 2026|Dec-26|Dec 2026|12/2026|2026-12|01/12/2026|2026-12-01|31 December 2026",
        ),
        ("half_term", "Autumn 2 2026/27", "Autumn 2 2026/27|autumn 2 half term 2026-27"),
        ("term", "Autumn term 2026/27", "Autumn 2026/27|autumn term 26/27|2026/2027 Autumn"),
        ("quarter", "Q3 2026/27", "q3 2026/27|2026-27 Quarter 3|NHS Q3 26/27|01/10/2026"),
        ("academic_year", "Academic year 2025/26", "2025/26|School year 2025-26|31/08/2026"),
        ("financial_year", "Financial year 2025/26", "2025/26|financial year 2025–26|01/04/2025"),
    ],
)
def test_a_period_is_read_in_the_ways_in_which_people_write_it(
    kind: str, name: str, texts: str
) -> None:
    assert {meant(kind, text) for text in (name, *texts.split("|"))} == {name}


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("month", "January 2027", "January 2027 is not over. Enter it after 31 January 2027"),
        ("term", "Spring 2026/27", "Spring term 2026/27 is not over"),
        (
            "academic_year",
            "Financial year 2025/26",
            "Enter an academic year of the last 3",
        ),
        ("term", "Autumn", "Enter a term of the last 3 years, like Autumn term 2026/27"),
        ("month", "13/2026", "Enter a month of the last 3 years, like December 2026"),
        ("month", "1 2", "Enter a month of the last 3 years, like December 2026"),
        ("month", "May 1999", "Enter a month of the last 3 years, like December 2026"),
        ("month", "01/05/1999", "Readings go back 3 years"),
        ("quarter", "", "Enter an NHS quarter of the last 3 years, like Q3 2026/27"),
    ],
)
def test_what_is_no_period_that_is_over_is_answered_with_what_to_do(
    kind: str, text: str, words: str
) -> None:
    with pytest.raises(NoSuchPeriod, match=words):
        meant(kind, text)


@pytest.mark.parametrize("kind", ["month", "half_term", "term", "quarter", "academic_year"])
def test_every_period_is_found_by_its_own_name(kind: str) -> None:
    names = [each.name for each in ended_periods(kind, TODAY, typical_terms)]
    assert [meant(kind, each) for each in names] == names


NAMES = "Amy Jones|Jones, Amy|Dr Patel|April Brown|Jack White|Sean O’Neill|Anne-Marie de Souza"
NO_NAMES = (
    "Riverside Primary|Year 7|Grand Total|White British|Autumn Term|December 2026|amy|Total|12|"
    "North West|Other|Not known|Free School Meals|Masked: 1 to 7|"
)


def test_names_of_people_are_told_from_names_of_groups() -> None:
    missed = [each for each in NAMES.split("|") if not is_like_a_name(each)]
    taken = [each for each in NO_NAMES.split("|") if is_like_a_name(each)]
    assert (missed, taken) == ([], [])


def test_headings_that_ask_for_a_person() -> None:
    asking = "Name|Pupil name|First name|Surname|UPN|NHS number|NHS No.|D.O.B.|Date of birth|Email"
    not_asking = "School name|Shoe size|NHS quarter|Number|Period|First day|Group|Notes"
    assert [each for each in asking.split("|") if not asks_for_a_person(each)] == []
    assert [each for each in not_asking.split("|") if asks_for_a_person(each)] == []
    assert counts_or_names("Pupils")
    assert not counts_or_names("Sessions")
