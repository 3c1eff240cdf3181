"""Ten thousand tables, published one after the other, against an outsider who has read it all."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from initiatives.suppression.publishing import publish
from initiatives.suppression.rules import DEFAULT, PRESETS, Rule, stricter
from initiatives.suppression.tables import Publication
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


@settings(max_examples=1_000, database=None)
@given(data=scenarios, asked=st.lists(st.sampled_from(list(PRESETS.values())), min_size=8))
def test_nor_where_members_ask_for_stricter_rules_meanwhile(data: bytes, asked: list[Rule]) -> None:
    editions, atoms, rule = scenario(data)
    published: list[Publication] = []
    known: set[frozenset[str]] = set()
    for number, edition in enumerate(editions):
        # What was told is not told again by another rule.
        figures = [each for each in edition.figures(atoms) if each.of not in known]
        if figures:
            now = stricter([rule, *asked[:number]])
            told = publish(figures, now, published)
            new = Publication.of(figures, told, now)
            # What was told by a milder rule cannot be unread: it may say already what is small by
            # this one. Nothing more is said.
            silent = Outsider([*published, replace(new, told={})], atoms).breaches()
            published.append(new)
            known |= {each.of for each in figures}
            assert not set(Outsider(published, atoms).breaches()) - set(silent)


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
