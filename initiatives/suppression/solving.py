"""What can be worked out about sums of unknown whole numbers of which limits are known.

`System.low` and `System.high` are limits that surely hold, not always the narrowest. `find` looks
for numbers that fit, and checks them exactly; that it finds none does not say that there are none.
All of it is a function of what is passed in, so that the same question has the same answer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

ENDLESS = 10**9
FEW = 80

# A node of a lattice, with the least and the greatest value that it may have.
Limit = tuple[int, int, int]
# One of the alternatives holds; an alternative is limits that hold together.
Choice = tuple[tuple[Limit, ...], ...]
# A node, and the values to be tried for it, given its limits.
Aim = tuple[int, Callable[[int, int], Iterable[int]]]
Bounds = tuple[list[int], list[int]]


class Lattice:
    """Sets of atoms, and which of them are the sums of which others.

    A set is a whole number with one bit for each of its atoms.
    """

    def __init__(self, sets: tuple[int, ...]) -> None:
        every = 0
        for each in sets:
            every |= each
        self.atoms = tuple(1 << bit for bit in range(every.bit_length()) if every >> bit & 1)
        nodes = dict.fromkeys((*sets, *self.atoms))
        named = len(nodes)
        for extra in _crossings(sets):
            nodes.setdefault(extra)
        self.nodes = tuple(nodes)
        # Sets that were asked for before those that only overlapping sets have in common.
        self._largest = sorted(self.nodes[:named], key=int.bit_count, reverse=True)
        self._largest += sorted(self.nodes[named:], key=int.bit_count, reverse=True)
        self.place = {node: place for place, node in enumerate(self.nodes)}
        self.members = tuple(
            tuple(number for number, atom in enumerate(self.atoms) if atom & node)
            for node in self.nodes
        )
        self.atom_places = tuple(self.place[atom] for atom in self.atoms)
        self.equations = tuple(
            (self.place[node], tuple(self.place[part] for part in parts))
            for node in self.nodes
            for parts in self._partitions(node)
        )
        touching: list[list[int]] = [[] for _ in self.nodes]
        for number, (whole, parts) in enumerate(self.equations):
            for place in (whole, *parts):
                touching[place].append(number)
        self.touching = tuple(tuple(each) for each in touching)

    def _partitions(self, whole: int) -> list[tuple[int, ...]]:
        """Ways to make the whole of other nodes: each node is somewhere within one of them."""
        within = [node for node in self._largest if node & ~whole == 0 and node != whole]
        found: list[tuple[int, ...]] = []
        for first in within:
            if any(first & ~part == 0 for parts in found for part in parts):
                continue
            parts, rest = [first], whole ^ first
            for node in within:
                if rest and node & ~rest == 0:
                    parts.append(node)
                    rest ^= node
            found.append(tuple(parts))
        return found

    def propagate(self, bounds: Bounds, first: Iterable[int]) -> bool:
        """Narrow the bounds by the equations; false when nothing fits any more."""
        queue = deque(first)
        waiting = set(queue)
        patience = 60 * len(self.equations) + 600
        while queue and patience:
            patience -= 1
            number = queue.popleft()
            waiting.discard(number)
            changed = _balance(bounds, *self.equations[number])
            if changed is None:
                return False
            for place in changed:
                for other in self.touching[place]:
                    if other not in waiting:
                        waiting.add(other)
                        queue.append(other)
        return True


def _balance(bounds: Bounds, whole: int, parts: Sequence[int]) -> list[int] | None:
    """Narrow the bounds of a sum and its parts; the places that changed, or nothing if none fit."""
    low, high = bounds
    changed = []
    least = most = 0
    for part in parts:
        least += low[part]
        most += high[part]
    if least > low[whole]:
        low[whole] = least
        changed.append(whole)
    if most < high[whole]:
        high[whole] = most
        changed.append(whole)
    floor, ceiling = low[whole], high[whole]
    if floor > ceiling:
        return None
    if least < floor or most > ceiling:
        above, below = floor - most, ceiling - least
        for part in parts:
            was_low, was_high = low[part], high[part]
            if was_high + above > was_low:
                low[part] = was_high + above
                changed.append(part)
            if was_low + below < was_high:
                high[part] = was_low + below
                changed.append(part)
            if low[part] > high[part]:
                return None
    return changed


def _crossings(sets: Sequence[int]) -> Iterable[int]:
    """What two sets that overlap have in common; of many sets it would be too much."""
    if len(sets) <= FEW:
        for place, one in enumerate(sets):
            yield from {one & other for other in sets[:place]} - {0}


@lru_cache(maxsize=512)
def lattice(sets: tuple[int, ...]) -> Lattice:
    """The lattice of these sets; their places are those of the sets, in order, if none repeats."""
    return Lattice(sets)


class System:
    """A lattice and the limits that are known of its nodes."""

    def __init__(self, of: Lattice, bounds: Bounds, *, possible: bool) -> None:
        self.lattice = of
        self.low, self.high = bounds
        self.possible = possible

    @classmethod
    def known(cls, of: Lattice, limits: Iterable[Limit]) -> System:
        """The system in which these limits are known."""
        bounds = ([0] * len(of.nodes), [ENDLESS] * len(of.nodes))
        possible = _limit(bounds, limits) is not None
        possible = possible and of.propagate(bounds, range(len(of.equations)))
        return cls(of, bounds, possible=possible)

    def knowing(self, limits: Iterable[Limit]) -> System:
        """The same system with more limits known."""
        bounds = self._narrowed((self.low, self.high), limits)
        if bounds is None:
            return System(self.lattice, (self.low, self.high), possible=False)
        return System(self.lattice, bounds, possible=True)

    def find(
        self, limits: Sequence[Limit], choices: Sequence[Choice], aims: Sequence[Aim]
    ) -> list[int] | None:
        """A value for each node, within the limits, with one alternative of every choice.

        The aims are met as far as that goes, the first before the others.
        """
        start = self._narrowed((self.low, self.high), limits) if self.possible else None
        chosen = self._chosen(start, choices, [4 * len(choices) + 8]) if start else None
        if chosen is None:
            return None
        aimed = chosen
        for place, wanted in aims:
            aimed = self._aimed(aimed, place, wanted)
        for bounds in (aimed, chosen):
            for least_first in (True, False):
                found = self._filled(bounds, least_first=least_first)
                if found is not None:
                    return found
        return None

    def _narrowed(self, bounds: Bounds, limits: Iterable[Limit]) -> Bounds | None:
        copy = (bounds[0].copy(), bounds[1].copy())
        changed = _limit(copy, limits)
        if changed is None:
            return None
        first = dict.fromkeys(n for place in changed for n in self.lattice.touching[place])
        return copy if self.lattice.propagate(copy, first) else None

    def _chosen(
        self, bounds: Bounds, choices: Sequence[Choice], patience: list[int]
    ) -> Bounds | None:
        """The bounds with one alternative of every choice, the first that fits."""
        if not choices:
            return bounds
        for alternative in choices[0]:
            if not patience[0]:
                return None
            patience[0] -= 1
            narrowed = self._narrowed(bounds, alternative)
            found = narrowed and self._chosen(narrowed, choices[1:], patience)
            if found:
                return found
        return None

    def _aimed(
        self, bounds: Bounds, place: int, wanted: Callable[[int, int], Iterable[int]]
    ) -> Bounds:
        low, high = bounds[0][place], bounds[1][place]
        if low == high:
            return bounds
        for value in wanted(low, high):
            if low <= value <= high:
                narrowed = self._narrowed(bounds, [(place, value, value)])
                if narrowed:
                    return narrowed
        return bounds

    def _filled(self, bounds: Bounds, *, least_first: bool) -> list[int] | None:
        for place in self.lattice.atom_places:
            low, high = bounds[0][place], bounds[1][place]
            if low == high:
                continue
            high = min(high, low + ENDLESS // 1000)
            ends = (low, high) if least_first else (high, low)
            for value in (*ends, (low + high) // 2):
                narrowed = self._narrowed(bounds, [(place, value, value)])
                if narrowed:
                    bounds = narrowed
                    break
            else:
                return None
        return self._checked(bounds)

    def _checked(self, bounds: Bounds) -> list[int] | None:
        """The value of every node by exact addition, if each is within the bounds."""
        atoms = [bounds[0][place] for place in self.lattice.atom_places]
        sums = []
        for members, low, high in zip(self.lattice.members, *bounds, strict=True):
            value = sum([atoms[member] for member in members])
            if not low <= value <= high:
                return None
            sums.append(value)
        return sums


def _limit(bounds: Bounds, limits: Iterable[Limit]) -> list[int] | None:
    """Apply limits; the places that changed, or nothing when one cannot be met."""
    low, high = bounds
    changed = []
    for place, least, most in limits:
        if least > low[place] or most < high[place]:
            low[place] = max(low[place], least)
            high[place] = min(high[place], most)
            if low[place] > high[place]:
                return None
            changed.append(place)
    return changed
