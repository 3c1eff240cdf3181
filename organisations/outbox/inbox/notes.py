"""What is kept of the reading: whose turn it is, what became of each message, and the figures.

All through functions of the database (organisations/migrations, "inbox"), as the role that serves
pages. Of a message its key is kept, its sort, why, and the domain it came from; no address and
no word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from organisations.outbox.inbox.sorts import Folder, Verdict, label_of

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Begun:
    """A message as it stood when it was taken up: how often by now, and where it belongs."""

    attempt: int
    folder: Folder | None  # None until it has been handled


@dataclass(frozen=True, slots=True)
class State:
    """How the reading stands."""

    read_at: datetime | None  # when all went well last
    failure: str  # why it did not, the last time

    @property
    def age(self) -> float | None:
        """Seconds since all went well; None when it never did."""
        if self.read_at is None:
            return None
        return max(0.0, (timezone.now() - self.read_at).total_seconds())

    @property
    def is_behind(self) -> bool:
        """Whether answers have waited for longer than they may."""
        return self.age is None or self.age > settings.INBOX_BEHIND_MINUTES * 60


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one message, as an operator sees it."""

    sort: str
    folder: str
    reason: str
    domain: str
    handled_at: datetime
    kind: str | None  # of our e-mail that it is about
    organisation: str | None  # on whose behalf that went

    @property
    def label(self) -> str:
        """The sort's name for people."""
        return label_of(self.sort)


def claim(worker: str, *, seconds: float) -> bool:
    """Take the turn for so long; False while another worker has it."""
    return bool(_value("SELECT tandem.claim_inbox(%s, %s)", worker, seconds))


def release(worker: str, *, failure: str) -> None:
    """Give the turn back, and say how it went: `failure` is empty when all was well."""
    _value("SELECT tandem.release_inbox(%s, %s)", worker, failure[:LONGEST_REASON])


def switch_off() -> None:
    """No mailbox is set up: nobody should wait for it to be read."""
    _value("SELECT tandem.switch_off_inbox()")


def begin(key: str) -> Begun:
    """Take a message up: counts, and is committed, before anything in it is looked at."""
    attempt, folder = _rows("SELECT * FROM tandem.begin_inbox_message(%s)", key)[0]
    return Begun(attempt, Folder(folder) if folder else None)


def still_to_do(key: str) -> bool:
    """Whether nobody has handled it; until the transaction ends, nobody else does."""
    return bool(_value("SELECT tandem.hold_inbox_message(%s)", key))


def finish(key: str, *, sort: str, verdict: Verdict, domain: str) -> None:
    """Record what became of a message."""
    _value(
        "SELECT tandem.finish_inbox_message(%s, %s, %s, %s, %s, %s)",
        key,
        sort,
        str(verdict.folder),
        verdict.reason[:LONGEST_REASON],
        domain,
        verdict.delivery,
    )


def state() -> State | None:
    """How the reading stands; None where no mailbox is set up."""
    found = _rows("SELECT read_at, failure FROM tandem.inbox_state() WHERE switched_on")
    return State(*found[0]) if found else None


def counts() -> dict[tuple[str, str], int]:
    """How many messages were handled within a day, by sort and folder."""
    return {(sort, folder): n for sort, folder, n in _rows("SELECT * FROM tandem.inbox_counts()")}


def latest(number: int) -> list[Kept]:
    """What came in lately that an operator should see: set aside, or a complaint."""
    return [Kept(*row) for row in _rows("SELECT * FROM tandem.inbox_list(%s)", number)]


def _value(statement: str, *values: Any) -> Any:
    return _rows(statement, *values)[0][0]


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
