"""Ten thousand tables, published one after the other, against an outsider who has read it all."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings

from initiatives.suppression.rules import DEFAULT
from tests.suppression.outsider import Edition, Outsider, publish_all, round_and_mask
from tests.suppression.tables import scenario, scenarios

TABLES, PARTS = 10_000, 5


@pytest.mark.parametrize("part", range(PARTS))
@settings(max_examples=TABLES // PARTS, database=None)
@given(data=scenarios)
def test_nobody_works_out_a_small_number(part: int, data: bytes) -> None:
    editions, atoms, rule = scenario(data)
    published = publish_all(editions, atoms, rule)
    assert Outsider(published, atoms).breaches() == []


def test_the_outsider_catches_a_careless_publisher() -> None:
    chance = random.Random(8)
    caught = 0
    for _ in range(200):
        editions, atoms, rule = scenario(chance.randbytes(20))
        published = publish_all(editions, atoms, rule, round_and_mask)
        caught += bool(Outsider(published, atoms).breaches())
    assert caught > 50


def test_the_outsider_works_out_the_one_beside_fifteen_ten_and_ten() -> None:
    sums = {"all": ("a", "b", "c"), "a": ("a",), "b": ("b",), "c": ("c",)}
    edition = Edition(sums, dict.fromkeys(sums, 0))
    published = publish_all([edition], {"a": 1, "b": 8, "c": 8}, DEFAULT, round_and_mask)
    assert Outsider(published, {"a": 1, "b": 8, "c": 8}).breaches() == [(frozenset("a"), 1, 1)]


def test_the_outsider_works_out_the_complement() -> None:
    sums = {"d": ("n", "c"), "n": ("n",), "c": ("c",)}
    edition = Edition(sums, dict.fromkeys(sums, 0), frozenset("c"))
    published = publish_all([edition], {"n": 18, "c": 2}, DEFAULT, round_and_mask)
    assert Outsider(published, {"n": 18, "c": 2}).breaches() == [(frozenset("c"), 0, 4)]
