"""Tables as Hypothesis makes them: sites, shares, edits, terms, and both year frames."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from initiatives.suppression.rules import PRESETS, Rule
from tests.suppression.outsider import Edition

# One byte a decision; what is left over is never read.
scenarios = st.binary(min_size=20, max_size=20)
VALUES = (*(0, 1, 2, 3, 7, 8, 12), *range(14), 15, 17, 18, 22, 27, 30)
# The default as often as all others together.
RULES = [*PRESETS.values(), *[PRESETS["nhs_sub_national"]] * (len(PRESETS) - 2)]


class Bytes:
    """Decisions, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._left = list(reversed(data))

    def below(self, number: int) -> int:
        return self._left.pop() % number

    def value(self) -> int:
        return VALUES[self.below(len(VALUES))]


def scenario(data: bytes) -> tuple[list[Edition], Mapping[str, int], Rule]:
    """What is published one after the other, the true numbers, and the rule."""
    source = Bytes(data)
    rule = RULES[source.below(len(RULES))]
    kinds = (sites, sites, sites, shares, shares, terms, terms, shares_of_sites)
    make = kinds[source.below(len(kinds))]
    editions, atoms = make(source)
    return editions, atoms, rule


def edition(sums: Mapping[str, tuple[str, ...]], *, first: int = 0) -> Edition:
    """Sums in which what is called after a site is a level below, and complements are hidden."""
    levels = {name: first + ("/" in name) for name in sums}
    return Edition(sums, levels, frozenset(name for name in sums if name.endswith("c")))


def sites(source: Bytes) -> tuple[list[Edition], dict[str, int]]:
    """A total and its sites, and up to two edits of one site each, published again."""
    names = [f"site/{n}" for n in range(2 + source.below(3))]
    atoms = {name: source.value() for name in names}
    now = {name: name for name in names}
    editions = []
    for n in range(1 + source.below(3)):
        if n:
            which = names[source.below(len(names))]
            before, now[which] = now[which], f"{which} {n}"
            atoms[now[which]] = max(0, atoms[before] + source.below(5) - 2)
        sums = {name: (now[name],) for name in names}
        editions.append(edition({"all": tuple(now.values()), **sums}))
    return editions, atoms


def shares(source: Bytes) -> tuple[list[Edition], dict[str, int]]:
    """So many of so many, and up to two edits of either."""
    atoms = {"n": source.value(), "c": source.value()}
    now = {"n": "n", "c": "c"}
    editions = []
    for n in range(1 + source.below(3)):
        if n:
            which = "nc"[source.below(2)]
            before, now[which] = now[which], f"{which}{n}"
            atoms[now[which]] = max(0, atoms[before] + source.below(5) - 2)
        editions.append(edition({"d": tuple(now.values()), "n": (now["n"],), "c": (now["c"],)}))
    return editions, atoms


def shares_of_sites(source: Bytes) -> tuple[list[Edition], dict[str, int]]:
    """Shares of two sites and of both together, in one term or two and then of both terms."""
    terms = range(1 + source.below(4) // 3)
    atoms = {f"{p}{s}{k}": source.value() for p in terms for s in "ab" for k in "nc"}
    editions = [edition(_shares(atoms, (term,))) for term in terms]
    if len(terms) > 1:
        editions.append(edition(_shares(atoms, tuple(terms))))
    return editions, atoms


def _shares(atoms: Mapping[str, int], terms: tuple[int, ...]) -> dict[str, tuple[str, ...]]:
    return {
        name + part: tuple(
            atom
            for atom in atoms
            if int(atom[0]) in terms
            and atom[1] in of
            and atom[2] in ("nc" if part == "d" else part)
        )
        for name, of in (("all ", "ab"), ("site/a ", "a"), ("site/b ", "b"))
        for part in "dnc"
    }


def terms(source: Bytes) -> tuple[list[Edition], dict[str, int]]:
    """Five terms, in an academic and a financial year that overlap; one term may be edited."""
    atoms = {f"t{n}": source.value() for n in range(5)}
    now = list(atoms)
    each = [edition({f"term {n}": (now[n],)}) for n in range(5)]
    years = edition(
        {"academic": tuple(now[:3]), "financial": tuple(now[1:4]), "next": tuple(now[3:])}
    )
    order = source.below(3)
    if order == 0:
        editions = [*each, years]
    elif order == 1:
        editions = [years, *each]
    else:
        sums = {**years.sums, **{f"term/{n}": (now[n],) for n in range(5)}}
        editions = [edition(sums)]
    if source.below(2):
        which = source.below(4)
        atoms["edited"] = max(0, atoms[now[which]] + source.below(5) - 2)
        now[which] = "edited"
        again = {"academic": tuple(now[:3]), "financial": tuple(now[1:4])}
        editions.append(edition({**again, "term": ("edited",)}))
    return editions, atoms
