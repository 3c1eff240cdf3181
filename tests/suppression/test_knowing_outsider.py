"""An outsider who has the program too: every table there could be, and what is told of each.

What the publisher decides is seen as well, so tables of which the same is told are put together:
within such a class each small figure must be as wide as its mask.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import product

import pytest

from initiatives.suppression.publishing import publish
from initiatives.suppression.rules import DEFAULT, PRESETS, Rule
from initiatives.suppression.tables import WITHHELD, Figure, Publication, Told
from tests.suppression.outsider import Edition, Publisher, publish_all, round_and_mask

SMALL = Rule("small", "1–2, rounded to 3", 1, 2, 3, 3, 0)
SMALL_FROM_NONE = Rule("none", "0–2, rounded to 3", 0, 2, 3, 3, 0)


def edition(hidden: str = "", **sums: str) -> Edition:
    """Sums of atoms of one letter each; what has a capital name comes first."""
    return Edition(
        {name: tuple(of) for name, of in sums.items()},
        {name: 0 if name[0].isupper() else 1 for name in sums},
        frozenset(hidden.split()),
    )


TWO = [edition(All="ab", a="a", b="b")]
THREE = [edition(All="abc", a="a", b="b", c="c")]
SHARE = [edition("C", D="nc", N="n", C="c")]
SITES = [edition("C c e", D="nmxy", N="nm", C="xy", d="nx", n="n", c="x", f="my", m="m", e="y")]
EDIT = [*TWO, edition(All="pb", p="p", b="b")]
EDITED_SHARE = [*SHARE, edition("C", D="pc", N="p", C="c")]
YEARS = [edition(Academic="abc", Financial="bcd", a="a", b="b", c="c", d="d")]
TERMS_THEN_YEAR = [*TWO, edition(All="xy", x="x", y="y"), edition(Y="abxy", a="ax", b="by")]

SHARES_THEN_YEAR = [
    *SHARE,
    edition("E", F="mx", M="m", E="x"),
    edition("H", G="ncmx", K="nm", H="cx"),
]


def breaches(
    editions: Sequence[Edition], most: int, rule: Rule, publisher: Publisher = publish
) -> list[tuple[str, set[int]]]:
    """Small figures that a class tells more narrowly than the rule; tables of up to `most`."""
    names = sorted({atom for each in editions for of in each.sums.values() for atom in of})
    classes: dict[tuple[object, ...], list[Mapping[str, int]]] = defaultdict(list)
    for values in product(range(most + 1), repeat=len(names)):
        if sum(values) <= most:
            atoms = dict(zip(names, values, strict=True))
            published = publish_all(editions, atoms, rule, publisher)
            classes[tuple(tuple(each.told.items()) for each in published)].append(atoms)
    found = []
    for tables in classes.values():
        # A class at the edge may go on beyond it.
        if any(sum(atoms.values()) >= most - (rule.round_to or 1) for atoms in tables):
            continue
        for name, of in {(name, of) for each in editions for name, of in each.sums.items()}:
            reached = {sum(atoms[atom] for atom in of) for atoms in tables}
            small = any(rule.mask_from <= value <= rule.mask_to for value in reached)
            if small and max(reached) - min(reached) < rule.mask_to - rule.mask_from:
                found.append((name, reached))
    return found


@pytest.mark.parametrize(
    ("editions", "most", "rule"),
    [
        pytest.param(TWO, 36, DEFAULT, id="two sites"),
        pytest.param(SHARE, 40, DEFAULT, id="a share"),
        pytest.param(SHARE, 30, PRESETS["legacy_1_5"], id="a share that is not rounded"),
        pytest.param(SHARE, 30, PRESETS["nhs_mental_health"], id="a share, and nobody is masked"),
        pytest.param(THREE, 26, DEFAULT, id="three sites"),
        pytest.param(THREE, 18, SMALL_FROM_NONE, id="three sites, and nobody is masked"),
        pytest.param(SITES, 13, SMALL, id="shares of two sites"),
        pytest.param(EDIT, 20, SMALL, id="a total, then edited"),
        pytest.param(EDIT, 20, SMALL_FROM_NONE, id="a total, then edited, and nobody is masked"),
        pytest.param(EDITED_SHARE, 20, SMALL, id="a share, then edited"),
        pytest.param(YEARS, 13, SMALL, id="both year frames"),
        pytest.param(TERMS_THEN_YEAR, 11, SMALL, id="two terms, then the year"),
        pytest.param(SHARES_THEN_YEAR, 11, SMALL, id="shares of two terms, then of the year"),
    ],
)
def test_what_the_publisher_decides_tells_nothing(
    editions: list[Edition], most: int, rule: Rule
) -> None:
    assert breaches(editions, most, rule) == []


def test_the_outsider_catches_a_careless_publisher() -> None:
    assert breaches(TWO, 30, DEFAULT, round_and_mask)
    assert breaches(SHARE, 30, DEFAULT, round_and_mask)


def withhold_what_is_not_safe(
    figures: Sequence[Figure], rule: Rule, before: Sequence[Publication] = ()
) -> dict[str, Told]:
    """A share is withheld where its complement would be narrow: to be withheld then says so."""
    told = round_and_mask(figures, rule)
    whole, part = told["D"].shown, told["N"].shown
    if whole and part and 0 <= whole - part < 5:
        told["N"] = WITHHELD
    return told


def test_the_outsider_catches_one_who_withholds_only_what_is_not_safe() -> None:
    found = breaches(SHARE, 40, DEFAULT, withhold_what_is_not_safe)
    assert ("C", {0, 1, 2, 3, 4}) in found
