"""On which days a partnership has something planned already.

What is planned lives above this floor; whoever plans registers how to ask, from `AppConfig.ready`:

    taken.register(days_with_touchpoints)
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from organisations.actor import Actor
from organisations.joining.registry import Listeners
from partnerships.record.models import Partnership

# Called with the actor, the partnership and the first and last day; one statement each.
Asked = Callable[[Actor, Partnership, date, date], Collection[date]]

_asked: Listeners[Asked] = Listeners()


def register(asked: Asked) -> None:
    """Have it asked; registering it again changes nothing."""
    _asked.register(asked)


def taken_days(actor: Actor, partnership: Partnership, first: date, last: date) -> frozenset[date]:
    """Every day from `first` to `last` on which something is planned."""
    return frozenset(
        day for asked in _asked.listeners for day in asked(actor, partnership, first, last)
    )
