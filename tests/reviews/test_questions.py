"""The questions, the scale and the rounds."""

from __future__ import annotations

from datetime import date

import pytest

from partnerships.reviews.questions import domains_of, keys_of, level_of, scale
from partnerships.reviews.rounds import round_on


def test_a_pulse_asks_the_eight_starred_questions_and_a_full_review_all() -> None:
    assert keys_of("pulse") == ("N1", "P1", "C1", "C3", "T1", "A1", "L1", "L5")
    assert len(keys_of("full")) == 23
    assert [each.name for each in domains_of("pulse")] == [each.name for each in domains_of("full")]


def test_the_scale_has_no_middle_and_one_may_not_know() -> None:
    assert [value for value, _ in scale()] == ["1", "2", "3", "4", "na"]
    assert scale()[0][1] == "1 – Not yet"


@pytest.mark.parametrize(
    ("average", "level"),
    [
        (1.0, "Forming"),
        (1.74, "Forming"),
        (1.76, "Developing"),
        (2.6, "Working"),
        (3.4, "Sustained"),
    ],
)
def test_an_average_has_a_name(average: float, level: str) -> None:
    assert level_of(average) == level


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2026, 9, 1), "Autumn term, 2026/27"),
        (date(2027, 1, 4), "Spring term, 2026/27"),
        (date(2027, 8, 31), "Summer term, 2026/27"),
    ],
)
def test_a_pulse_is_of_a_term(day: date, label: str) -> None:
    assert round_on("pulse", day).label == label
    assert round_on("full", day).label == "School year 2026/27"
