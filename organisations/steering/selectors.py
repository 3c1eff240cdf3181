"""Reads for operators about the outbox, all through functions of the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q

from organisations.models import Organisation, OutboxDecision
from organisations.outbox.kinds import label_of
from organisations.outbox.lateness import oldest_due

PER_PAGE = 50
MOST_COUNTED = 5000
MOST_ORGANISATIONS = 50
DECISIONS_SHOWN = 20
TROUBLE = "trouble"
SHOWS = {
    TROUBLE: "Needs looking at",
    "uncertain": "Perhaps sent",
    "dead": "Could not be delivered",
    "due": "Due and waiting",
    "retried": "To be tried again",
    "pending": "Waiting, due or not",
    "taken": "Being sent",
    "sent": "Sent",
    "cancelled": "Not needed, or dropped",
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which deliveries a list is of; `organisations` None for those of all."""

    show: str = TROUBLE
    kind: str = ""
    organisations: tuple[int, ...] | None = None

    @property
    def values(self) -> list[Any]:
        """As the functions of the database take them."""
        chosen = None if self.organisations is None else list(self.organisations)
        return [self.show, self.kind, chosen]


@dataclass(frozen=True, slots=True)
class Seen:
    """One delivery as an operator sees it; its fields are the columns of `outbox_list`."""

    id: int
    kind: str
    organisation: str | None
    slug: str | None
    state: str
    domain: str
    due_at: dt.datetime
    sent_at: dt.datetime | None
    attempt: int
    uncertain_times: int
    reason: str
    had_payload: bool

    @property
    def label(self) -> str:
        """The kind's name for people."""
        return label_of(self.kind)

    @property
    def can_retry(self) -> bool:
        """Whether trying again is possible: the words of a dead one may be gone."""
        if self.state == "dead":
            return not self.had_payload
        return self.state == "uncertain" or (self.state == "pending" and self.attempt > 0)

    @property
    def can_drop(self) -> bool:
        """Whether there is anything left to drop."""
        return self.state in {"pending", "taken", "uncertain", "dead"}


@dataclass(slots=True)
class Depth:
    """How many deliveries of a kind, or of all, have not ended well yet."""

    kind: str = ""
    due: int = 0
    retried: int = 0
    later: int = 0
    taken: int = 0
    uncertain: int = 0
    dead: int = 0

    @property
    def label(self) -> str:
        """The kind's name for people."""
        return label_of(self.kind)

    def add(self, state: str, number: int, due: int, retried: int) -> None:
        """Count what the database has counted of one kind in one state."""
        if state == "pending":
            self.due += due
            self.retried += retried
            self.later += number - due - retried
        else:
            setattr(self, state, getattr(self, state) + number)


@dataclass(frozen=True, slots=True)
class Figures:
    """How the outbox stands."""

    kinds: list[Depth]
    total: Depth
    oldest_due: dt.datetime | None
    sent_last_minute: int
    sent_last_hour: int
    sent_last_day: int
    counted: dict[tuple[str, str], int] = field(default_factory=dict)  # by kind and state


def figures() -> Figures:
    """How the outbox stands now; three statements."""
    kinds: dict[str, Depth] = {}
    total = Depth()
    counted = {}
    for kind, state, number, due, retried in _rows("SELECT * FROM tandem.outbox_depth()"):
        for depth in (kinds.setdefault(kind, Depth(kind)), total):
            depth.add(state, number, due, retried)
        counted[kind, state] = number
    ((minute, hour, day),) = _rows("SELECT * FROM tandem.outbox_sent()")
    return Figures(
        sorted(kinds.values(), key=lambda depth: depth.label),
        total,
        oldest_due(),
        minute,
        hour,
        day,
        counted,
    )


class Listed(Sequence[Seen]):
    """A list of deliveries that a paginator cuts pages from: one statement each for both."""

    def __init__(self, narrowed: Narrowed) -> None:
        self._narrowed = narrowed
        count = "SELECT tandem.outbox_count(%s, %s, %s::bigint[], %s)"
        ((number,),) = _rows(count, *narrowed.values, MOST_COUNTED + 1)
        self._number = int(number)

    def __len__(self) -> int:
        return min(self._number, MOST_COUNTED)

    @property
    def is_cut(self) -> bool:
        """Whether there are more than the list goes on to show."""
        return self._number > MOST_COUNTED

    def __getitem__(self, index: Any) -> Any:
        if not isinstance(index, slice):
            return self[index : index + 1][0]
        start, stop, _ = index.indices(MOST_COUNTED)
        return _listed(self._narrowed, limit=stop - start, offset=start)


def first_of(narrowed: Narrowed, number: int) -> list[Seen]:
    """The first of a list."""
    return _listed(narrowed, limit=number)


def delivery(pk: int) -> Seen | None:
    """One delivery."""
    return next(iter(_listed(Narrowed(), only=pk)), None)


def _listed(
    narrowed: Narrowed, *, only: int | None = None, limit: int = 1, offset: int = 0
) -> list[Seen]:
    rows = _rows(
        "SELECT * FROM tandem.outbox_list(%s, %s, %s::bigint[], %s, %s, %s)",
        *narrowed.values,
        only,
        limit,
        offset,
    )
    return [Seen(*row) for row in rows]


def organisations_named(words: str) -> tuple[int, ...]:
    """The ids of organisations by a part of their name, or by their code."""
    found = Organisation.objects.filter(Q(name__icontains=words) | Q(code__iexact=words))
    return tuple(found.order_by("name", "pk").values_list("pk", flat=True)[:MOST_ORGANISATIONS])


def decisions() -> list[OutboxDecision]:
    """What operators decided lately."""
    return list(OutboxDecision.objects.select_related("decided_by")[:DECISIONS_SHOWN])


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
