"""What the alcoves above do once the contacts of a partnership have changed.

The record knows none of them: each registers in its `AppConfig.ready`, so the list is complete
and constant once Django has started. They run inside the transaction of the change.
"""

from __future__ import annotations

from typing import Protocol

from organisations.actor import Actor
from partnerships.record.models import Partnership


class Follower(Protocol):
    """Brings something up to date with the contacts of a partnership."""

    def __call__(self, *, by: Actor, partnership: Partnership) -> object: ...


_followers: list[Follower] = []


def register(follower: Follower) -> None:
    """Call `follower` after every change of a partnership's contacts."""
    if follower not in _followers:
        _followers.append(follower)


def contacts_changed(*, by: Actor, partnership: Partnership) -> None:
    """Tell the followers that somebody was named or has another address."""
    for follower in _followers:
        follower(by=by, partnership=partnership)
