"""Measures that somebody owns pass to a colleague when they go."""

from __future__ import annotations

from initiatives.measures import selectors, services
from organisations.actor import Actor
from organisations.models import User
from organisations.people import handover
from organisations.people.handover import HandOver, Successor

MOST_NAMED = 5


def _count(by: Actor, user: User) -> int:
    return selectors.owned_by(by, user.pk).count()


def _names(by: Actor, user: User) -> list[str]:
    rows = selectors.owned_by(by, user.pk)[:MOST_NAMED]
    return [f"{row.initiative.name}: {row.name}" for row in rows]


def _move(by: Actor, user: User, to: Successor) -> int:
    """Make the successor the one who enters readings."""
    rows = list(selectors.owned_by(by, user.pk))
    for row in rows:
        services.hand_measure(by=by, measure=row, to=to.user)
    return len(rows)


def register() -> None:
    """Make it known to the hand-over."""
    handover.register(
        HandOver(
            name="measures",
            label="Measures to read",
            count=_count,
            names=_names,
            move=_move,
            stays="Stay as they are. A manager can give them to somebody else",
            order=28,
        )
    )
