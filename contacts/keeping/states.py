"""The states in which a contact of a directory can need somebody: conditions and their words."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from contacts.models import Listing, Posting

NOW = Q(ended_on=None)
IN_POST = Q(listing=Listing.LISTED) & NOW
NEVER = IN_POST & Q(checked_at=None)
DISPUTED = IN_POST & Q(disputed_at__isnull=False)
BOUNCED = IN_POST & Q(bounced_at__isnull=False)
OFFERED = Q(listing=Listing.OFFERED) & NOW
ENDED = Q(listing=Listing.LISTED, ended_on__isnull=False)


def due() -> Q:
    """Checked once, and due to be checked again today or before."""
    return IN_POST & Q(checked_at__isnull=False, check_due_on__lte=timezone.localdate())


def in_time() -> Q:
    """Checked, and not due before tomorrow."""
    return IN_POST & Q(checked_at__isnull=False, check_due_on__gt=timezone.localdate())


@dataclass(frozen=True, slots=True)
class State:
    """A state by its name in addresses, what its list is called, and what to do about it."""

    key: str
    label: str
    colour: str

    @property
    def condition(self) -> Q:
        """What is true of a posting in this state today."""
        return {
            "never": NEVER,
            "due": due(),
            "disputed": DISPUTED,
            "bounced": BOUNCED,
            "offered": OFFERED,
            "current": IN_POST,
            "ended": ENDED,
        }[self.key]


STATES = {
    each.key: each
    for each in (
        State("bounced", "Email refused", "red"),
        State("disputed", "Said to be wrong", "red"),
        State("offered", "Offered to the directory", "blue"),
        State("due", "Due to be checked", "yellow"),
        State("never", "Never checked", "grey"),
        State("current", "In post", "green"),
        State("ended", "Left or leaving", "grey"),
    )
}


def states_of(posting: Posting) -> list[State]:
    """What stands out about a posting now, the most urgent first; `current` when nothing does."""
    if posting.listing == Listing.OFFERED:
        return [STATES["offered"]]
    if posting.ended_on is not None:
        return [STATES["ended"]]
    found = [
        STATES[key]
        for key, holds in (
            ("bounced", posting.bounced_at is not None),
            ("disputed", posting.disputed_at is not None),
            ("never", posting.checked_at is None),
            ("due", posting.checked_at is not None and _is_due(posting)),
        )
        if holds
    ]
    return found or [STATES["current"]]


def _is_due(posting: Posting) -> bool:
    return posting.check_due_on is not None and posting.check_due_on <= timezone.localdate()
