"""Tables whose answers are known, and why they are so."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.suppression.publishing import publish
from initiatives.suppression.rules import DEFAULT, PRESETS
from initiatives.suppression.tables import Figure, Publication, Told

OLD = PRESETS["legacy_1_5"]


def sites(*values: int, named: str = "abcdefghij") -> list[Figure]:
    """A total, and its sites a level below."""
    each = [Figure(f"site-{n}", frozenset({named[n]}), value, 1) for n, value in enumerate(values)]
    every = frozenset(named[: len(values)])
    return [Figure("all", every, sum(values), 0), *each]


def share(numerator: int, denominator: int, *, atoms: str = "nc") -> list[Figure]:
    """So many of so many."""
    return [
        Figure("d", frozenset(atoms), denominator, 0),
        Figure("n", frozenset(atoms[0]), numerator, 0),
        Figure("c", frozenset(atoms[1]), denominator - numerator, 0, hidden=True),
    ]


def words(told: dict[str, Told]) -> list[str]:
    """The figures as a reader would see them."""
    marks = {"masked": "*", "withheld": "–"}
    return [marks.get(each.status, str(each.shown)) for each in told.values()]


def published(figures: Sequence[Figure]) -> Publication:
    return Publication.of(figures, publish(figures, DEFAULT), DEFAULT)


def test_a_breakdown_that_gives_its_masked_site_away_is_withheld() -> None:
    # 17 is shown as 15, which is at most 17; 10 and 10 are at least 8 and 8: the last is 1.
    assert words(publish(sites(1, 8, 8), DEFAULT)) == ["15", "–", "–", "–"]


def test_a_breakdown_that_leaves_room_is_published_with_its_mask() -> None:
    assert words(publish(sites(3, 12, 12), DEFAULT)) == ["25", "*", "10", "10"]
    assert words(publish(sites(3, 40, 55, 80), DEFAULT)) == ["180", "*", "40", "55", "80"]


def test_without_rounding_one_masked_site_is_the_difference() -> None:
    assert words(publish(sites(3, 20, 30), OLD)) == ["53", "–", "–", "–"]
    assert words(publish(sites(9, 20, 30), OLD)) == ["59", "9", "20", "30"]


def test_sites_of_a_masked_total_are_withheld() -> None:
    # Two masked sites would be at most 6 each, because the other is not 0.
    for values in ((2, 1), (3, 0), (7, 0)):
        assert words(publish(sites(*values), DEFAULT)) == ["*", "–", "–"]


def test_sites_of_nobody_are_nobody() -> None:
    assert words(publish(sites(0, 0, 0), DEFAULT)) == ["0", "0", "0", "0"]


def test_a_site_of_nobody_is_shown_beside_a_masked_one() -> None:
    assert words(publish(sites(0, 5, 30), DEFAULT)) == ["35", "0", "*", "30"]


def test_nobody_is_masked_where_the_rule_says_so() -> None:
    told = publish([Figure("all", frozenset("a"), 0, 0)], PRESETS["nhs_mental_health"])
    assert words(told) == ["*"]


def test_sites_without_a_total_stand_alone() -> None:
    assert words(publish(sites(2, 0, 7, 30)[1:], DEFAULT)) == ["*", "0", "*", "30"]


def test_18_of_20_keeps_the_denominator_and_withholds_the_numerator() -> None:
    assert words(publish(share(18, 20), DEFAULT)) == ["20", "–"]


def test_to_be_withheld_does_not_tell_that_nearly_all_are_meant() -> None:
    # 15 of 20 is not narrow itself. Were it shown, "withheld" would say 16 to 20 of 20.
    assert words(publish(share(15, 20), DEFAULT)) == ["20", "–"]
    assert words(publish(share(10, 20), DEFAULT)) == ["20", "10"]


def test_few_of_many_are_masked() -> None:
    assert words(publish(share(2, 20), DEFAULT)) == ["20", "*"]
    assert words(publish(share(3, 400), DEFAULT)) == ["400", "*"]
    assert words(publish(share(0, 30), DEFAULT)) == ["30", "0"]


def test_a_school_of_six_pupils() -> None:
    assert words(publish(share(0, 6), DEFAULT)) == ["*", "0"]
    for numerator in range(1, 7):
        assert words(publish(share(numerator, 6), DEFAULT)) == ["*", "–"]


def test_an_edit_by_one_pupil_is_not_the_difference_of_two_editions() -> None:
    first = sites(3, 20, 30)
    before = published(first)
    second = sites(4, 20, 30, named="Abc")
    told = publish(second, DEFAULT, [before])
    assert words(dict(before.told)) == ["55", "*", "20", "30"]
    # 53 was 55 and 54 is 55: nothing changed for a reader, whatever is told of the site.
    assert told["all"] in (before.told["all"], Told(told["all"].status))


def test_an_edit_across_a_step_is_withheld_where_it_tells_too_much() -> None:
    before = published(share(7, 27))
    told = publish(share(8, 28, atoms="Nc"), DEFAULT, [before])
    assert words(dict(before.told)) == ["25", "*"]
    assert "10" not in words(told) or told["d"] != before.told["d"]


def test_both_year_frames_do_not_give_a_term_away() -> None:
    names = ["autumn", "spring", "summer", "autumn again"]
    values = dict(zip(names, (10, 9, 30, 33), strict=True))

    def total(key: str, *of: str, level: int = 0) -> Figure:
        return Figure(key, frozenset(of), sum(values[each] for each in of), level)

    years = [total("academic", *names[:3]), total("financial", *names[1:])]
    terms = [total(name, name, level=1) for name in names]
    told = publish([*years, *terms], OLD)
    assert words(told) == ["49", "72", "10", "9", "30", "33"]
    # The terms differ by 23; a term of 2 would be 25 less than the 23 that the frames differ by.
    values["autumn"] = 2
    told = publish(
        [total("academic", *names[:3]), years[1], *[total(n, n, level=1) for n in names]], OLD
    )
    assert words(told) == ["41", "72", "–", "–", "–", "–"]


def test_levels_are_withheld_from_the_finest() -> None:
    ages = [
        Figure("all", frozenset("abc"), 60, 0),
        Figure("young", frozenset("ab"), 30, 1),
        Figure("old", frozenset("c"), 30, 1),
        Figure("a", frozenset("a"), 28, 2),
        Figure("b", frozenset("b"), 2, 2),
    ]
    told = publish(ages, OLD)
    assert words(told) == ["60", "30", "30", "–", "–"]


def test_what_is_not_connected_is_decided_apart() -> None:
    other = [
        Figure("other", frozenset("xyz"), 90, 0),
        *(Figure(f"other-{atom}", frozenset(atom), 30, 1) for atom in "xyz"),
    ]
    told = publish([*sites(1, 8, 8), *other], DEFAULT)
    assert words(told) == ["15", "–", "–", "–", "90", "30", "30", "30"]


def test_a_sum_of_two_published_ones_is_protected_although_nobody_named_it() -> None:
    before = [
        Publication.of(figures, publish(figures, OLD), OLD)
        for figures in [[Figure("both terms", frozenset("ab"), 9, 0)]]
    ]
    assert words(publish([Figure("one term", frozenset("a"), 8, 0)], OLD, before)) == ["–"]


def test_another_process_tells_the_same() -> None:
    # Sets of texts come in another order in each process.
    program = """
from tests.suppression.outsider import publish_all
from tests.suppression.tables import scenario
import random
chance = random.Random(5)
for _ in range(40):
    print([each.told for each in publish_all(*scenario(chance.randbytes(20)))])
"""
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
    assert said.pop()


values = st.lists(st.integers(0, 40), min_size=2, max_size=4)


@given(values)
def test_publishing_the_same_again_tells_the_same(numbers: list[int]) -> None:
    figures = sites(*numbers)
    once = published(figures)
    again = published(list(reversed(figures)))
    assert once.told == again.told
    assert publish(figures, DEFAULT, [once]) == once.told
    assert publish(figures, DEFAULT, [once, once]) == once.told


@given(values, st.sampled_from(list(PRESETS.values())))
def test_what_is_told_is_true(numbers: list[int], rule: object) -> None:
    figures = sites(*numbers)
    for figure, told in zip(figures, publish(figures, rule).values(), strict=True):
        if told.status == "masked":
            assert rule.mask_from <= figure.value <= rule.mask_to
        if told.shown is not None:
            assert not rule.mask_from <= figure.value <= rule.mask_to
            assert abs(told.shown - figure.value) <= (rule.round_to or 1) // 2


def test_a_wider_mask_shows_no_figure_that_it_covers() -> None:
    chance = random.Random(1)
    wide = PRESETS["survey_base"]
    for _ in range(200):
        figures = sites(*(chance.randrange(30) for _ in range(3)))
        for figure, told in zip(figures, publish(figures, wide).values(), strict=True):
            assert told.shown is None or figure.value == 0 or figure.value > wide.mask_to


@pytest.mark.parametrize(
    "wrong",
    [
        [Figure("a", frozenset("a"), 1, 0), Figure("a", frozenset("b"), 1, 0)],
        [Figure("a", frozenset("a"), 1, 0), Figure("b", frozenset("a"), 2, 0)],
        [Figure("a", frozenset("a"), -1, 0)],
        [Figure("a", frozenset(), 0, 0)],
    ],
)
def test_figures_that_cannot_be_are_refused(wrong: list[Figure]) -> None:
    with pytest.raises(ValueError, match=r"same key|two values|not a sum"):
        publish(wrong, DEFAULT)
