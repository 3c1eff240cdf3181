"""All that an outsider knows: what was told, publication by publication, and what was not.

Whoever decides about a breakdown asks a `Question` of only what hangs together with it. In it atoms
are bits, and those that are in the same sums are one, so that alike breakdowns ask alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from initiatives.suppression.deciding import Protected, Question, certain, policy
from initiatives.suppression.rules import Rule
from initiatives.suppression.solving import Choice
from initiatives.suppression.tables import Publication, Status, Told

Atoms = frozenset[str]
# One of the alternatives holds; an alternative is limits of sums that hold together.
NamedChoice = tuple[tuple[tuple[Atoms, int, int], ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A figure without its value."""

    key: str
    of: Atoms
    level: int
    together: str
    hidden: bool


class Tells(Protocol):
    """Whether a breakdown of these parts is published."""

    def __call__(self, question: Question, asked: Sequence[Part]) -> bool: ...


class ToldOf(Protocol):
    """What is told of a part."""

    def __call__(self, part: Part, *, published: bool) -> Told: ...


def limits(rule: Rule, told: Told) -> tuple[int, int]:
    """Between which values a figure lies that is shown or masked so."""
    if told.shown is None:
        return rule.mask_from, rule.mask_to
    return rule.interval(told.shown)


class Record:
    """What everybody knows, and which sums are protected."""

    def __init__(self) -> None:
        self.known: dict[Atoms, tuple[int, int]] = {}
        self.choices: list[NamedChoice] = []
        self.protected: dict[tuple[Atoms, int, int], None] = {}
        self.decided_by: dict[Atoms, Rule] = {}
        self.withheld: set[Atoms] = set()

    def read(self, before: Sequence[Publication], sums: Sequence[Atoms]) -> None:
        """Take up what was published before, as far as it hangs together with these sums."""
        every = [*sums, *(of for one in before for of in one.figures.values())]
        root = _roots(every)
        near = {root[atom] for of in sums for atom in of}
        for publication in before:
            self._read(
                publication,
                [key for key, of in publication.figures.items() if root[min(of)] in near],
            )

    def _read(self, publication: Publication, keys: Sequence[str]) -> None:
        told, levels, together = publication.told, publication.levels, publication.together
        parts = [
            Part(
                key,
                publication.figures[key],
                levels.get(key, 0),
                together.get(key, ""),
                key not in told,
            )
            for key in keys
        ]

        def tells(question: Question, asked: Sequence[Part]) -> bool:
            return any(told[part.key].status != Status.WITHHELD for part in asked)

        def was_told(part: Part, *, published: bool) -> Told:
            return told[part.key]

        if levels:
            self.add(parts, publication.rule, tells, was_told)
        else:
            self._protect(parts, publication.rule)
            for part in parts:
                if not part.hidden:
                    self._note(part, publication.rule, told[part.key])

    def add(
        self, parts: Sequence[Part], rule: Rule, tells: Tells, told_of: ToldOf
    ) -> dict[str, Told]:
        """Decide one breakdown after the other; what is told of each part that is not hidden."""
        self._protect(parts, rule)
        answers: dict[str, Told] = {}
        apart = self._apart_from_other_rules(parts, rule)
        for breakdown in _breakdowns(parts):
            scene = _Scene(self, breakdown)
            for group in scene.groups():
                published: set[str] = set()
                if apart.issuperset(group) and not any(part.of in self.withheld for part in group):
                    published = self._published(scene.question(group, rule), tells)
                for part in group:
                    told = told_of(part, published=part.key in published)
                    self._note(part, rule, told)
                    answers[part.key] = told
        return answers

    def _published(self, asking: _Asking, tells: Tells) -> set[str]:
        """The keys of the parts that are told; what the others being withheld says is noted."""
        open_parts = [part for part in asking.parts if not asking.certain(part)]
        published = {part.key for part in asking.parts} - {part.key for part in open_parts}
        if not open_parts:
            return published
        question = asking.about(open_parts)
        if tells(question, open_parts):
            return published | {part.key for part in open_parts}
        instead = policy(question).instead
        if instead:
            self.choices.append(asking.named(instead))
        return published

    def _apart_from_other_rules(self, parts: Sequence[Part], rule: Rule) -> set[Part]:
        """The parts that do not hang together with anything that another rule decided about.

        What was told by a milder rule may be too narrow for this one, whatever is told beside it.
        So nothing is: this is seen from which sums there are, and says nothing of their values.
        """
        root = _roots([of for of, _, _ in self.protected])
        others = {root[min(of)] for of, by in self.decided_by.items() if by.parts != rule.parts}
        return {part for part in parts if root[min(part.of)] not in others}

    def _protect(self, parts: Sequence[Part], rule: Rule) -> None:
        for part in sorted(parts, key=lambda part: part.key):
            self.protected[part.of, rule.mask_from, rule.mask_to] = None

    def _note(self, part: Part, rule: Rule, told: Told) -> None:
        self.decided_by.setdefault(part.of, rule)
        if told.status == Status.WITHHELD:
            self.withheld.add(part.of)
            return
        low, high = limits(rule, told)
        known = self.known.get(part.of, (low, high))
        self.known[part.of] = max(low, known[0]), min(high, known[1])


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question, and what its places are called."""

    question: Question
    parts: Sequence[Part]
    sets: Mapping[Atoms, int]

    def certain(self, part: Part) -> bool:
        return certain(self.question, self.sets[part.of])

    def about(self, parts: Sequence[Part]) -> Question:
        return replace(self.question, asked=tuple(self.sets[part.of] for part in parts))

    def named(self, choice: Choice) -> NamedChoice:
        names = list(self.sets)
        return tuple(
            tuple((names[place], low, high) for place, low, high in alternative)
            for alternative in choice
        )


class _Scene:
    """What is known just before a breakdown is published, in groups that hang together."""

    def __init__(self, record: Record, breakdown: Sequence[Part]) -> None:
        self.breakdown = breakdown
        scopes = [_scope(choice) for choice in record.choices]
        self.root = _roots([*record.known, *scopes, *(part.of for part in breakdown)])
        self.known: dict[str, list[tuple[Atoms, int, int]]] = defaultdict(list)
        for of, (low, high) in record.known.items():
            self.known[self.root[min(of)]].append((of, low, high))
        self.choices: dict[str, list[NamedChoice]] = defaultdict(list)
        for choice, scope in zip(record.choices, scopes, strict=True):
            self.choices[self.root[min(scope)]].append(choice)
        self.protected: dict[str, dict[tuple[Atoms, int, int], None]] = defaultdict(dict)
        for of, mask_from, mask_to in record.protected:
            for root, part in self._within(of):
                self.protected[root][part, mask_from, mask_to] = None

    def _within(self, of: Atoms) -> Iterable[tuple[str, Atoms]]:
        """The sum's part in each group; none of a sum with atoms that nothing is known of."""
        roots = {self.root.get(atom) for atom in of}
        if None in roots:
            return []
        if len(roots) == 1:
            return [(root, of) for root in roots if root]
        parts = defaultdict(set)
        for atom in of:
            parts[self.root[atom]].add(atom)
        return [(root, frozenset(parts[root])) for root in sorted(parts)]

    def groups(self) -> Iterable[list[Part]]:
        """The parts of the breakdown that hang together."""
        groups: dict[str, list[Part]] = defaultdict(list)
        for part in self.breakdown:
            groups[self.root[min(part.of)]].append(part)
        return groups.values()

    def question(self, group: Sequence[Part], rule: Rule) -> _Asking:
        """What is asked about a group, with the sums as bits."""
        root = self.root[min(group[0].of)]
        known, choices = self.known[root], self.choices[root]
        told = dict.fromkeys(part.of for part in group)
        told |= dict.fromkeys(of for of, _, _ in known)
        told |= dict.fromkeys(of for choice in choices for one in choice for of, _, _ in one)
        protected = _as_far_as_told(self.protected[root], list(told), rule)
        sets = {
            of: place for place, of in enumerate(dict.fromkeys([*told, *(p[0] for p in protected)]))
        }
        bits = _bits(sets)
        question = Question(
            sets=bits,
            protected=tuple(
                Protected(sets[of], mask_from, mask_to) for of, mask_from, mask_to in protected
            ),
            known=tuple((sets[of], low, high) for of, low, high in known),
            choices=tuple(
                tuple(tuple((sets[of], low, high) for of, low, high in one) for one in choice)
                for choice in choices
            ),
            asked=tuple(sets[part.of] for part in group),
            rule=rule,
        )
        return _Asking(question, group, sets)


def _roots(sums: Iterable[Iterable[str]]) -> dict[str, str]:
    """For each atom that of its group by which the group is known; groups hang together by sums."""
    above: dict[str, str] = {}

    def top(atom: str) -> str:
        path = []
        while (higher := above.setdefault(atom, atom)) != atom:
            path.append(atom)
            atom = higher
        above.update(dict.fromkeys(path, atom))
        return atom

    for each in sums:
        tops = {top(atom) for atom in each}
        above.update(dict.fromkeys(tops, min(tops)))
    return {atom: top(atom) for atom in list(above)}


def _scope(choice: NamedChoice) -> Atoms:
    return frozenset(atom for one in choice for of, _, _ in one for atom in of)


def _as_far_as_told(
    protected: Iterable[tuple[Atoms, int, int]], told: Sequence[Atoms], rule: Rule
) -> list[tuple[Atoms, int, int]]:
    """The protected sums in terms of what is told: all atoms that are told of as one are a cell.

    Nothing is told of a part of a cell but that it is no more than the cell. So where the cell is
    wide enough, or surely nobody, a sum with a part of it is so too, or is what else it has.
    Every cell is protected itself: it is what two sums leave, one taken away from the other.
    """
    within: dict[str, list[int]] = defaultdict(list)
    for place, of in enumerate(told):
        for atom in of:
            within[atom].append(place)
    cells: dict[tuple[int, ...], set[str]] = defaultdict(set)
    for atom, places in within.items():
        cells[tuple(places)].add(atom)
    cell = {atom: frozenset(atoms) for atoms in cells.values() for atom in atoms}
    mask = rule.mask_from, rule.mask_to
    result = {(frozenset(cells[places]), *mask): None for places in sorted(cells)}
    for of, mask_from, mask_to in protected:
        touched = dict.fromkeys(cell[atom] for atom in sorted(of))
        whole = [each for each in touched if each <= of]
        sums = [each for each in touched if not each <= of]
        if whole:
            sums.append(frozenset().union(*whole))
        result |= {(each, mask_from, mask_to): None for each in sums}
    return list(result)


def _bits(sets: Iterable[Atoms]) -> tuple[int, ...]:
    """The sets as numbers with one bit for the atoms that are in the same of them."""
    within: dict[str, list[int]] = defaultdict(list)
    size = 0
    for place, of in enumerate(sets):
        size = place + 1
        for atom in of:
            within[atom].append(place)
    bits = [0] * size
    for bit, places in enumerate(sorted({tuple(places) for places in within.values()})):
        for place in places:
            bits[place] |= 1 << bit
    return tuple(bits)


def _breakdowns(parts: Sequence[Part]) -> Iterable[list[Part]]:
    """The parts to decide together, in order: level by level, and sums before what they sum."""
    visible = sorted((part for part in parts if not part.hidden), key=lambda part: part.key)
    depths = _depths(visible)
    breakdowns: dict[tuple[int, int, str], list[Part]] = defaultdict(list)
    for part in visible:
        breakdowns[part.level, depths[part.key], part.together].append(part)
    return [breakdowns[order] for order in sorted(breakdowns)]


def _depths(parts: Sequence[Part]) -> dict[str, int]:
    """How many sums of its level each part is within, one within the other."""
    by_atom: dict[tuple[int, str], list[Part]] = defaultdict(list)
    depths: dict[str, int] = {}
    for part in sorted(parts, key=lambda part: -len(part.of)):
        around = [
            depths[other.key]
            for other in by_atom[part.level, min(part.of)]
            if other.of > part.of and other.together == part.together
        ]
        depths[part.key] = max(around, default=-1) + 1
        for atom in part.of:
            by_atom[part.level, atom].append(part)
    return depths
