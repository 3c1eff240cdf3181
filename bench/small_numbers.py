"""Deciding what may be told of one more month of a measure, after a short and a long record.

Shares of five groups and of all, month by month, many of them small: each month beside everything
that was told of the months before, as the publisher of readings does it, without the database.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator

from bench.rows import Row
from initiatives.suppression.publishing import publish
from initiatives.suppression.rules import DEFAULT
from initiatives.suppression.tables import Figure, Publication
from tests.ops.copies import Copy

SHORT, LONG = 6, 36
ROUNDS = 7
GROUPS = 5
MOST = 25


def small_numbers(_: Copy) -> Iterator[Row]:
    """The median month after half a year and after three years, and how much it grew."""
    short, long = _one_more_after(SHORT), _one_more_after(LONG)
    yield Row(f"deciding a month of {GROUPS} groups after {LONG} months", 1000 * long, "ms")
    yield Row(f"the same ÷ after {SHORT} months", long / short, "×")


def _one_more_after(months: int) -> float:
    chance = random.Random(months)
    before: list[Publication] = []
    for month in range(months):
        figures = _month(month, chance)
        before.append(Publication.of(figures, publish(figures, DEFAULT, before), DEFAULT))
    taken = []
    for each in range(ROUNDS):
        figures = _month(months + each, chance)
        started = time.perf_counter()
        publish(figures, DEFAULT, before)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _month(month: int, chance: random.Random) -> list[Figure]:
    """The base before the share, all before the groups; who is not counted is known from both."""
    groups = []
    for group in range(GROUPS):
        base = chance.randint(1, MOST)
        groups.append((f"{month}.{group}", chance.randint(0, base), base))
    every = [name for name, _, _ in groups]
    number = sum(number for _, number, _ in groups)
    base = sum(base for _, _, base in groups)
    rows = [(f"{month}", every, number, base, 0, "")]
    rows += [(name, [name], n, b, 2, f"{month}") for name, n, b in groups]
    return [
        figure
        for name, parts, n, b, level, together in rows
        for figure in _share(name, parts, n, b, level, together)
    ]


def _share(
    name: str, parts: list[str], number: int, base: int, level: int, together: str
) -> list[Figure]:
    counted = frozenset(f"{part}n" for part in parts)
    others = frozenset(f"{part}c" for part in parts)
    of_base = f"{together}|d" if together else ""
    return [
        Figure(f"{name}|d", counted | others, base, level, together=of_base),
        Figure(f"{name}|n", counted, number, level + 1, together=together),
        Figure(f"{name}|c", others, base - number, level + 1, hidden=True),
    ]
