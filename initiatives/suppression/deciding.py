"""Whether a breakdown may be published, judged by what everybody would be able to see.

Nothing here knows a true value. What is asked is: with these tokens, could an outsider who knows
the rules and this very procedure tell a small number? Publishing is safe when numbers are found
that fit everything told and let each protected figure reach as far as its mask is wide. But not to
publish tells something too: that the tokens would not have been safe. So before anything else, and
by what is known already alone, a `Policy` is chosen under which those who are told nothing are so
many that they hide each other. From the finest policy to the coarsest: withhold what is not safe;
also what comes near to it; also whatever has a masked cell; everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from initiatives.suppression.rules import Rule
from initiatives.suppression.solving import ENDLESS, Aim, Choice, Limit, System, lattice

ATTEMPTS, ATTEMPTS_WHEN_LARGE, LARGE = 12, 12, 250
OTHERS = 2


@dataclass(frozen=True, slots=True)
class Protected:
    """A sum that must stay as wide as its mask whenever it could be within the mask."""

    place: int
    mask_from: int
    mask_to: int

    @property
    def width(self) -> int:
        return self.mask_to - self.mask_from


@dataclass(frozen=True, slots=True)
class Question:
    """What everybody knows before a breakdown is published, and what the breakdown would tell.

    `sets` are sums of atoms, each with one bit for each of its atoms; all else names them by their
    places.
    """

    sets: tuple[int, ...]
    protected: tuple[Protected, ...]
    known: tuple[Limit, ...]
    choices: tuple[Choice, ...]
    asked: tuple[int, ...]
    rule: Rule


class Kind(IntEnum):
    """How much is withheld, from nothing to everything."""

    NOTHING = 0
    UNSAFE = 1
    MASKED_TOO = 2
    EVERYTHING = 3


@dataclass(frozen=True, slots=True)
class Policy:
    """What is withheld, chosen without a look at the breakdown.

    `margin`: also what would tell of a sum not asked about that it is at most so much.
    `instead`: some of what it is that is withheld, enough for each to hide among.
    """

    kind: Kind
    margin: int = -1
    instead: Choice = ()


@lru_cache(maxsize=4096)
def policy(question: Question) -> Policy:
    """The finest policy under which to be withheld tells nothing narrower than a mask."""
    before = _known(question)
    open_ones = [each for each in question.protected if _could_be_masked(before, each)]
    if _stands_alone(question) or all(_has_a_partner(question, before, o) for o in open_ones):
        return Policy(Kind.NOTHING)
    if not before.possible or _narrow(before, question.protected):
        return Policy(Kind.EVERYTHING)
    crowd = _Crowd(question, before, open_ones)
    margin = crowd.least_margin()
    if margin is not None:
        return Policy(Kind.UNSAFE, margin, crowd.tokens(margin))
    most = crowd.furthest
    masked = tuple(((place, *_mask(question.rule)),) for place in question.asked)
    instead = (*crowd.tokens(most), *masked)
    if _covers(before, (*question.choices, instead), question.protected):
        return Policy(Kind.MASKED_TOO, most, instead)
    return Policy(Kind.EVERYTHING)


@lru_cache(maxsize=16384)
def may_publish(question: Question, tokens: tuple[Limit, ...]) -> bool:
    """Whether to publish the breakdown, if these are its tokens."""
    chosen = policy(question)
    if chosen.kind in (Kind.NOTHING, Kind.EVERYTHING):
        return chosen.kind == Kind.NOTHING
    mask = _mask(question.rule)
    if chosen.kind == Kind.MASKED_TOO and any((low, high) == mask for _, low, high in tokens):
        return False
    after = _known(question).knowing(tokens)
    if not after.possible or _nearness(question, _known(question), after) <= chosen.margin:
        return False
    return _covers(after, question.choices, question.protected)


def token(rule: Rule, place: int, value: int) -> Limit:
    """What is told by what is published of a value: its limits."""
    if rule.masks(value):
        return (place, *_mask(rule))
    return (place, *rule.interval(rule.rounded(value)))


def certain(question: Question, place: int) -> bool:
    """Whether everybody knows what will be told of this figure."""
    before = _known(question)
    low, high = before.low[place], before.high[place]
    return token(question.rule, place, low) == token(question.rule, place, high)


@lru_cache(maxsize=512)
def _system(sets: tuple[int, ...], known: tuple[Limit, ...]) -> System:
    return System.known(lattice(sets), known)


def _known(question: Question) -> System:
    return _system(question.sets, question.known)


def _mask(rule: Rule) -> tuple[int, int]:
    return rule.mask_from, rule.mask_to


def _could_be_masked(system: System, each: Protected) -> bool:
    low, high = system.low[each.place], system.high[each.place]
    return low <= each.mask_to and high >= each.mask_from


def _narrow(system: System, protected: Iterable[Protected]) -> bool:
    """Whether something is surely told more narrowly than its mask."""
    return any(
        system.high[each.place] - system.low[each.place] < each.width
        for each in protected
        if _could_be_masked(system, each)
    )


def _nearness(question: Question, before: System, after: System) -> int:
    """How near this comes to what is not safe: -1 when it is not.

    Else the least that any sum which is not asked about could be at most, if that is told by this.
    A sum within one that is asked about counts when it is told more of it than of the whole.
    """
    if _narrow(after, question.protected):
        return -1
    nearest = ENDLESS
    for each in question.protected:
        most = after.high[each.place]
        if most < min(nearest, before.high[each.place]) and _could_be_masked(after, each):
            own = question.sets[each.place]
            if all(
                own & ~question.sets[place] or after.high[place] > most for place in question.asked
            ):
                nearest = most
    return nearest


def _stands_alone(question: Question) -> bool:
    """Whether nothing is known and the figures share nothing: then no token narrows another."""
    sets = [question.sets[place] for place in question.asked]
    apart = sum(each.bit_count() for each in sets) == _union(sets).bit_count()
    mask = _mask(question.rule)
    alike = all((each.mask_from, each.mask_to) == mask for each in question.protected)
    return apart and alike and not question.known and not question.choices


def _has_a_partner(question: Question, before: System, each: Protected) -> bool:
    """Whether something surely large enough can take up whatever a cell may have more or less.

    It is in every sum that the cell is in, and in no other: then no sum tells of the cell, whatever
    its token, but the cell's own, which tells the whole mask.
    """
    own = question.sets[each.place]
    known = {question.sets[place]: (low, high) for place, low, high in question.known}
    low, high = known.pop(own, (0, ENDLESS))
    whole_mask = low <= each.mask_from and high >= each.mask_to
    alike = (each.mask_from, each.mask_to) == _mask(question.rule)
    if own.bit_count() > 1 or question.choices or not whole_mask or not alike:
        return False
    told = [*known, *(question.sets[place] for place in question.asked)]
    places = before.lattice.place
    return any(
        before.low[places[atom]] >= each.mask_to
        and all(bool(sum_ & own) == bool(sum_ & atom) for sum_ in told if sum_ != own)
        for atom in before.lattice.atoms
        if atom != own
    )


def _union(sets: Iterable[int]) -> int:
    every = 0
    for each in sets:
        every |= each
    return every


def _wide_enough(system: System, each: Protected, least: int, most: int) -> bool:
    """Whether values as far apart as these hide each value of the mask that is possible."""
    beyond = most - min(each.mask_to, system.high[each.place])
    return max(most - least, beyond) >= each.width


def _covers(system: System, choices: Sequence[Choice], protected: Sequence[Protected]) -> bool:
    """Whether numbers are found that let each protected figure reach far enough."""
    if not system.possible or _narrow(system, protected):
        return False
    waiting = [each for each in protected if _could_be_masked(system, each)]
    seen: list[list[int]] = []
    while waiting:
        first, others = waiting[0], waiting[1:]
        for limit, aim in _ends(system, first, seen):
            aims = [aim, *(_outwards(system, each, seen) for each in others)]
            found = system.find([limit], choices, aims)
            if found is not None:
                seen.append(found)
            if seen and _seen_wide(system, first, seen):
                break
        else:
            return False
        waiting = [each for each in others if not _seen_wide(system, each, seen)]
    return True


def _reach(each: Protected, seen: Sequence[list[int]]) -> tuple[int, int]:
    values = [one[each.place] for one in seen]
    return min(values), max(values)


def _seen_wide(system: System, each: Protected, seen: Sequence[list[int]]) -> bool:
    return _wide_enough(system, each, *_reach(each, seen))


def _ends(
    system: System, each: Protected, seen: Sequence[list[int]]
) -> Iterator[tuple[Limit, Aim]]:
    """Where to look for the other end of a protected figure: above, then below."""
    place, low, high = each.place, system.low[each.place], system.high[each.place]
    top = each.mask_to + each.width
    if top <= high:
        yield (place, top, high), (place, _first(top))
    least = _reach(each, seen)[0] if seen else low
    if least + each.width <= high:
        yield (place, least + each.width, high), (place, _first(high))
    most = _reach(each, seen)[1] if seen else high
    if most - each.width >= low:
        yield (place, low, most - each.width), (place, _first(low))
    least = _reach(each, seen)[0] if seen else low
    if least + each.width <= high:
        yield (place, least + each.width, high), (place, _first(high))


def _outwards(system: System, each: Protected, seen: Sequence[list[int]]) -> Aim:
    """An aim for the end of a protected figure that has not been seen yet."""
    low, high = system.low[each.place], system.high[each.place]
    top = min(high, each.mask_to + each.width)
    if seen and _reach(each, seen)[1] >= top:
        return each.place, _first(low)
    return each.place, _first(top)


def _first(*values: int) -> Callable[[int, int], Iterable[int]]:
    return lambda low, high: (*(value for value in values if low <= value <= high),)


class _Crowd:
    """Numbers that would be withheld, looked for until those who are withheld hide each other."""

    def __init__(self, question: Question, before: System, open_ones: list[Protected]) -> None:
        self.question, self.before, self.open_ones = question, before, open_ones
        self.found: list[tuple[int, tuple[Limit, ...], list[int]]] = []
        self.most = max(each.mask_to for each in question.protected)
        self.furthest = 2 * self.most + question.rule.step

    def least_margin(self) -> int | None:
        """The margin at which a crowd is found, or nothing."""
        large = len(self.before.lattice.nodes) > LARGE
        patience = ATTEMPTS_WHEN_LARGE if large else ATTEMPTS
        for limit, aims in self._squeezes():
            if not patience:
                break
            patience -= 1
            if self._look(limit, [*aims, *self._outwards()]) == -1 and self._hides(-1):
                return -1
        asked = set(self.question.asked)
        others = [each.place for each in self.open_ones if each.place not in asked]
        for value in range(0 if large else self.furthest):
            for place in others[:OTHERS]:
                self._look((place, value, value), [])
            margin = self._least_that_hides()
            if margin is not None:
                return margin
        return None

    def _least_that_hides(self) -> int | None:
        margins = sorted({nearness for nearness, _, _ in self.found})
        return next((margin for margin in margins if self._hides(margin)), None)

    def tokens(self, margin: int) -> Choice:
        """What would be told of those in the crowd."""
        return tuple(
            dict.fromkeys(tokens for nearness, tokens, _ in self.found if nearness <= margin)
        )

    def _look(self, limit: Limit, aims: Sequence[Aim]) -> int | None:
        numbers = self.before.find([limit], self.question.choices, aims)
        if numbers is None:
            return None
        tokens = tuple(
            token(self.question.rule, place, numbers[place]) for place in self.question.asked
        )
        nearness = _nearness(self.question, self.before, self.before.knowing(tokens))
        if nearness <= self.furthest:
            self.found.append((nearness, tokens, numbers))
        return nearness

    def _outwards(self) -> Iterator[Aim]:
        crowd = [numbers for nearness, _, numbers in self.found if nearness == -1]
        for each in self.open_ones:
            if not crowd or not _seen_wide(self.before, each, crowd):
                yield _outwards(self.before, each, crowd)

    def _hides(self, margin: int) -> bool:
        crowd = [numbers for nearness, _, numbers in self.found if nearness <= margin]
        return bool(crowd) and all(_seen_wide(self.before, each, crowd) for each in self.open_ones)

    def _squeezes(self) -> Iterator[tuple[Limit, Sequence[Aim]]]:
        """Numbers near the ends of what their tokens say: those leave a small one little room."""
        asked = set(self.question.asked)
        # The figures of the breakdown first.
        victims = sorted(self.open_ones, key=lambda each: each.place not in asked)
        for value in sorted(range(1, self.most + 1), key=lambda n: min(n, self.most + 1 - n)):
            for victim in victims:
                if value <= victim.mask_to:
                    for upwards in (False, True):
                        limit = (victim.place, value, value)
                        yield limit, list(self._squeeze(victim.place, upwards=upwards))

    def _squeeze(self, victim: int, *, upwards: bool) -> Iterator[Aim]:
        sets = self.question.sets
        wholes: list[Aim] = []
        others: list[Aim] = []
        for place, low, high in self.question.known:
            around = sets[place] & sets[victim] == sets[victim]
            (wholes if around else others).append(
                (place, _first(low if around == upwards else high))
            )
        yield from wholes
        yield from others
        for place in self.question.asked:
            if place != victim:
                around = sets[place] & sets[victim] == sets[victim]
                yield place, self._end(least=around == upwards)

    def _end(self, *, least: bool) -> Callable[[int, int], Iterable[int]]:
        rule = self.question.rule

        def values(low: int, high: int) -> Iterator[int]:
            middle = (low + min(high, low + 100)) // 2
            for near in (middle, middle + rule.step, middle - rule.step, low, high):
                if near >= 0:
                    yield token(rule, 0, near)[1 if least else 2]

        return values
