"""Which date of a series becomes which when its rule gives other days.

Pure. A date that is kept keeps its entry in people's calendars, so as many are kept as can be; in
their order, since nobody expects the third meeting to come before the second; and so that they
move as little as can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date


def matched(old: Sequence[date], new: Sequence[date]) -> list[tuple[int, int]]:
    """Pairs of positions in `old` and `new`, both in order of time.

    Each day of the shorter has one of the other; together they lie as few days apart as can be.

    >>> weeks = [date(2027, 1, day) for day in (5, 12, 19, 26)]
    >>> matched(weeks, weeks[::2])
    [(0, 0), (2, 1)]
    """
    if len(old) > len(new):
        return [(mine, theirs) for theirs, mine in matched(new, old)]
    apart = _apart(old, new)
    pairs: list[tuple[int, int]] = []
    theirs = len(new)
    for mine in range(len(old), 0, -1):
        while theirs > mine and apart[mine][theirs - 1] <= apart[mine][theirs]:
            theirs -= 1
        pairs.append((mine - 1, theirs - 1))
        theirs -= 1
    return pairs[::-1]


def _apart(old: Sequence[date], new: Sequence[date]) -> list[list[float]]:
    """For the first so many of `old` among the first so many of `new`: days apart, at least."""
    never = float("inf")
    rows: list[list[float]] = [[0.0] * (len(new) + 1)]
    for number, day in enumerate(old, start=1):
        row = [never] * (len(new) + 1)
        for place, other in enumerate(new, start=1):
            if place >= number:
                row[place] = min(row[place - 1], rows[-1][place - 1] + abs((day - other).days))
        rows.append(row)
    return rows


def uncovered(ideals: Sequence[date], held: Sequence[date]) -> list[date]:
    """The days of a rule for which nothing was planned, or no longer is.

    `held` are the days of the rule that dates stand for; the rule may give them a little otherwise
    by now, when terms have changed.
    """
    covered = {place for place, _ in matched(ideals, sorted(held))}
    return [day for place, day in enumerate(ideals) if place not in covered]
