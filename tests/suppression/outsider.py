"""An outsider who has read everything published and knows the rules, and nothing of the product.

The rules are read anew from their numbers, and what can be worked out is worked out in another way
than the publisher's: a walk through the numbers that fit, from the true ones, finds how far each
figure reaches; where the walk does not reach far enough, z3 says whether anything does. So what is
called a breach is proved, and what is not called one has its witnesses.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import z3

from initiatives.suppression.publishing import publish
from initiatives.suppression.rules import Rule
from initiatives.suppression.tables import Figure, Publication, Told

FAR = 10**6
Publisher = Callable[[Sequence[Figure], Rule, Sequence[Publication]], dict[str, Told]]


@dataclass(frozen=True)
class Edition:
    """What is to be published together: the sums by name, their level, and which are hidden."""

    sums: Mapping[str, tuple[str, ...]]
    levels: Mapping[str, int]
    hidden: frozenset[str] = frozenset()

    def figures(self, atoms: Mapping[str, int]) -> list[Figure]:
        return [
            Figure(
                name,
                frozenset(of),
                sum(atoms[atom] for atom in of),
                self.levels[name],
                name in self.hidden,
            )
            for name, of in self.sums.items()
        ]


def publish_all(
    editions: Sequence[Edition],
    atoms: Mapping[str, int],
    rule: Rule,
    publisher: Publisher = publish,
) -> list[Publication]:
    """Publish the editions one after the other."""
    published: list[Publication] = []
    for edition in editions:
        figures = edition.figures(atoms)
        told = publisher(figures, rule, published)
        published.append(Publication.of(figures, told, rule))
    return published


def round_and_mask(
    figures: Sequence[Figure], rule: Rule, before: Sequence[Publication] = ()
) -> dict[str, Told]:
    """A careless publisher: the rule for each figure, and no thought for what they say together."""
    told: dict[str, Told] = {}
    for figure in figures:
        if not figure.hidden:
            alone = Figure(figure.key, frozenset({figure.key}), figure.value, 0)
            told |= publish([alone], rule)
    return told


def could_be(rule: Rule, told: Told) -> tuple[int, int]:
    """The least and the greatest number that is told so, read from the rule's own words."""
    if told.status == "masked":
        return rule.mask_from, rule.mask_to
    assert told.shown is not None
    if told.shown == 0:
        return 0, 0
    half = (rule.round_to or 1) // 2
    fitting = [
        number
        for number in range(max(rule.mask_to + 1, told.shown - half), told.shown + half + 1)
        if rule.round_to is None or abs(number - told.shown) * 2 <= rule.round_to
    ]
    return fitting[0], fitting[-1]


class Outsider:
    """What follows from the publications."""

    def __init__(self, published: Sequence[Publication], atoms: Mapping[str, int]) -> None:
        limits: dict[frozenset[str], tuple[int, int]] = {}
        self.small: dict[frozenset[str], int] = {}
        for one in published:
            for name, of in one.figures.items():
                value = sum(atoms[atom] for atom in of)
                if one.rule.mask_from <= value <= one.rule.mask_to:
                    width = one.rule.mask_to - one.rule.mask_from
                    self.small[of] = max(width, self.small.get(of, 0))
                if name in one.told and one.told[name].status != "withheld":
                    low, high = could_be(one.rule, one.told[name])
                    was = limits.get(of, (0, FAR))
                    limits[of] = max(low, was[0]), min(high, was[1])
                    assert limits[of][0] <= value <= limits[of][1], "a lie was published"
        self.names = sorted(
            {atom for one in published for of in one.figures.values() for atom in of}
        )
        place = {name: n for n, name in enumerate(self.names)}
        self.truth = [atoms[name] for name in self.names]
        self.rows = [({place[a] for a in of}, low, high) for of, (low, high) in limits.items()]
        self.sums = {of: [place[a] for a in of] for of in self.small}

    def breaches(self) -> list[tuple[frozenset[str], int, int]]:
        """Small figures that are known more narrowly than the rule allows: their true limits."""
        reach = {of: [FAR, 0] for of in self.small}
        self._walk(reach)
        found = []
        for of, (low, high) in reach.items():
            if high - low < self.small[of]:
                least, most = self._exactly(of)
                if most - least < self.small[of]:
                    found.append((of, least, most))
        return found

    def _walk(self, reach: dict[frozenset[str], list[int]]) -> None:
        """Go from the truth to other numbers that fit, by what moves one atom, or two."""
        chance = random.Random(len(self.rows))
        size = len(self.names)
        moves = [{n: 1} for n in range(size)]
        moves += [{n: 1, m: -1} for n in range(size) for m in range(size) if n != m]
        effects = [
            [(row, sum(move.get(n, 0) for n in of)) for row, (of, _, _) in enumerate(self.rows)]
            for move in moves
        ]
        effects = [[(row, by) for row, by in effect if by] for effect in effects]
        order = list(range(len(moves)))
        now = self.truth.copy()
        for _ in range(3):
            chance.shuffle(order)
            for number in order:
                sums = [sum(now[n] for n in of) for of, _, _ in self.rows]
                far = 40
                for row, by in effects[number]:
                    _, low, high = self.rows[row]
                    far = min(far, high - sums[row] if by > 0 else sums[row] - low)
                far = min([far, *(now[n] for n, by in moves[number].items() if by < 0)])
                if far <= 0:
                    continue
                start = now.copy()
                for steps in {far, (far + 1) // 2}:
                    now = start.copy()
                    for n, by in moves[number].items():
                        now[n] += by * steps
                    for of, members in self.sums.items():
                        value = sum([now[n] for n in members])
                        reach[of][0] = min(reach[of][0], value)
                        reach[of][1] = max(reach[of][1], value)
            if all(high - low >= self.small[of] for of, (low, high) in reach.items()):
                return

    def _exactly(self, of: frozenset[str]) -> tuple[int, int]:
        unknown = [z3.Int(name) for name in self.names]
        ends = []
        for look in (z3.Optimize.minimize, z3.Optimize.maximize):
            solver = z3.Optimize()
            for atom in unknown:
                solver.add(atom >= 0)
            for members, low, high in self.rows:
                total = z3.Sum([unknown[n] for n in members])
                solver.add(total >= low, total <= min(high, FAR))
            wanted = z3.Sum([unknown[n] for n in self.sums[of]])
            solver.add(wanted <= FAR)
            goal = look(solver, wanted)
            assert solver.check() == z3.sat
            ends.append(goal.value().as_long())
        return ends[0], ends[1]
