"""The presets, the strictest of several rules, and shares from rounded figures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.suppression.publishing import average_allowed, percentage
from initiatives.suppression.rules import DEFAULT, PRESETS, Rule, stricter
from initiatives.suppression.tables import MASKED, WITHHELD, Status, Told

own_rules = st.builds(
    Rule,
    key=st.sampled_from(["own-a", "own-b"]),
    name=st.just("Own"),
    mask_from=st.integers(0, 1),
    mask_to=st.integers(1, 9),
    round_to=st.sampled_from([None, 3, 5, 10]),
    averages_min_n=st.integers(0, 12),
    min_base=st.integers(0, 12),
)
rules = st.sampled_from(list(PRESETS.values())) | own_rules


def shown(number: int) -> Told:
    return Told(Status.SHOWN, number)


def test_the_default_masks_one_to_seven_and_rounds_the_rest_to_five() -> None:
    assert next(iter(PRESETS)) == DEFAULT.key == "nhs_sub_national"
    assert (DEFAULT.mask_from, DEFAULT.mask_to, DEFAULT.round_to) == (1, 7, 5)
    assert DEFAULT.averages_min_n == 8
    assert [DEFAULT.masks(n) for n in (0, 1, 7, 8)] == [False, True, True, False]
    assert [DEFAULT.rounded(n) for n in (0, 8, 12, 13, 17)] == [0, 10, 10, 15, 15]


@pytest.mark.parametrize(
    ("key", "mask", "round_to", "averages", "base"),
    [
        ("nhs_mental_health", (0, 4), 5, 5, 0),
        ("legacy_1_5", (1, 5), None, 6, 0),
        ("dfe_tables", (1, 5), None, 6, 6),
        ("ofqual", (1, 4), 5, 5, 0),
        ("survey_base", (1, 9), None, 10, 10),
    ],
)
def test_the_other_presets(
    key: str, mask: tuple[int, int], round_to: int | None, averages: int, base: int
) -> None:
    rule = PRESETS[key]
    assert (rule.mask_from, rule.mask_to) == mask
    assert (rule.round_to, rule.averages_min_n, rule.min_base) == (round_to, averages, base)


@given(rule=rules, value=st.integers(0, 500))
def test_what_is_shown_stands_for_the_values_that_are_shown_so(rule: Rule, value: int) -> None:
    if not rule.masks(value):
        low, high = rule.interval(rule.rounded(value))
        alike = [
            n for n in range(520) if not rule.masks(n) and rule.rounded(n) == rule.rounded(value)
        ]
        assert (low, high) == (alike[0], alike[-1])
        assert (rule.rounded(value) == 0) == (value == 0)


@given(one=rules, two=rules, three=rules)
def test_the_order_and_grouping_of_rules_do_not_matter(one: Rule, two: Rule, three: Rule) -> None:
    together = stricter([one, two, three])
    assert stricter([one]) == one == stricter([one, one])
    assert stricter([three, one, two]) == together
    assert stricter([stricter([one, two]), three]).parts == together.parts
    assert stricter([one, stricter([two, three])]) == stricter([stricter([one, two]), three])


@given(some=st.lists(rules, min_size=1, max_size=4))
def test_the_strictest_of_each_part_holds(some: list[Rule]) -> None:
    strictest = stricter(some)
    assert strictest.mask_from == min(rule.mask_from for rule in some)
    assert strictest.mask_to == max(rule.mask_to for rule in some)
    assert (strictest.round_to or 1) == max(rule.round_to or 1 for rule in some)
    assert strictest.averages_min_n == max(rule.averages_min_n for rule in some)
    assert strictest.min_base == max(rule.min_base for rule in some)


def test_without_rules_the_default_holds() -> None:
    assert stricter([]) is DEFAULT


def test_a_joined_rule_is_called_after_what_it_does() -> None:
    joined = stricter([PRESETS["nhs_mental_health"], DEFAULT])
    assert joined.name == "Mask 0–7, round to 5"
    assert stricter([DEFAULT, PRESETS["ofqual"]]) is DEFAULT


@pytest.mark.parametrize(
    "wrong", [{"mask_from": 2}, {"mask_to": 0}, {"round_to": 0}, {"min_base": -1}]
)
def test_a_rule_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    parts = {"mask_from": 1, "mask_to": 7, "round_to": 5, "averages_min_n": 8, "min_base": 0}
    with pytest.raises(ValueError, match="own"):
        Rule("own", "Own", **(parts | wrong))


def test_a_share_is_worked_out_from_the_rounded_figures() -> None:
    assert percentage(shown(15), shown(40), DEFAULT) == Decimal("37.5")
    assert percentage(shown(10), shown(30), DEFAULT) == Decimal("33.3")
    assert percentage(shown(0), shown(30), DEFAULT) == Decimal("0.0")


@pytest.mark.parametrize(
    ("numerator", "denominator"),
    [(MASKED, shown(20)), (shown(20), WITHHELD), (shown(0), MASKED), (shown(0), shown(0))],
)
def test_there_is_no_share_unless_both_are_shown(numerator: Told, denominator: Told) -> None:
    assert percentage(numerator, denominator, DEFAULT) is None


def test_there_is_no_share_of_too_few() -> None:
    rule = Rule("own", "Own", 1, 7, 5, 8, 10)
    assert percentage(shown(10), shown(10), rule) is None  # it could be 8
    assert percentage(shown(10), shown(15), rule) == Decimal("66.7")


def test_averages_need_enough_people() -> None:
    assert average_allowed(shown(10), DEFAULT)
    assert not any(average_allowed(told, DEFAULT) for told in (MASKED, WITHHELD, shown(0)))
