"""The worker's side of the ledger: every statement that takes, marks or gives back a delivery.

Runs as the role `tandem_worker`, which reaches this one table, each statement a transaction
of its own. The worker never waits for a row that a request has locked: it skips it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from organisations.models import Delivery
from organisations.outbox.carrier import provider

MOST_TEMPORARY_FAILURES = 20  # with the pauses of FAIL, about fifteen hours
MOST_COMPOSING_FAILURES = 6  # about eight minutes
MOST_UNCERTAIN = 3  # copies that may have gone out before a person has to look
NEVER = 32_000  # a provider that can be asked leaves nothing uncertain
LONGEST_TEXT = 300
HELD = "Held until "  # how the reason of what was put off begins

# Fifteen seconds, doubling to an hour, give or take a fifth.
PAUSE = (
    "least(3600, 15 * power(2, least(attempt, 10))) * (0.8 + random() * 0.4) * interval '1 second'"
)

CLAIM = """
WITH due AS (
    SELECT id FROM organisations_delivery
    WHERE state = 'pending' AND due_at <= coalesce(%(now)s::timestamptz, now())
    ORDER BY due_at, id LIMIT %(size)s FOR UPDATE SKIP LOCKED)
UPDATE organisations_delivery d
SET state = 'taken', phase = 0, claimed_by = %(worker)s,
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
FROM due WHERE d.id = due.id
RETURNING d.*
"""

# A worker that died: what it never began is due again, what it had seen accepted is sent; the
# one message it was handing over may or may not have arrived. The first one it never began is
# the one it was writing: should that be what killed it, it must not kill one worker after the
# other, so the attempt counts, from the second on it waits, and what waits behind it goes first.
REAP = f"""
WITH expired AS (
    SELECT id, claimed_by, phase, due_at FROM organisations_delivery
    WHERE state = 'taken' AND lease_until < clock_timestamp()
    ORDER BY lease_until LIMIT 500 FOR UPDATE SKIP LOCKED),
written AS (
    SELECT DISTINCT ON (claimed_by) id FROM expired
    WHERE phase = 0 ORDER BY claimed_by, due_at, id),
found AS (
    SELECT e.id, w.id IS NOT NULL AS blamed FROM expired e LEFT JOIN written w ON w.id = e.id)
UPDATE organisations_delivery d
SET state = CASE WHEN phase = 2 THEN 'sent'
                 WHEN phase = 1 AND uncertain_times >= %(most_uncertain)s THEN 'uncertain'
                 WHEN blamed AND attempt + 1 >= %(most)s THEN 'dead'
                 ELSE 'pending' END,
    uncertain_times = uncertain_times + (phase = 1)::int,
    attempt = attempt + (phase = 1 OR blamed)::int,
    due_at = CASE WHEN blamed AND attempt > 0 THEN clock_timestamp() + {PAUSE} ELSE due_at END,
    reason = CASE WHEN phase = 1 THEN %(reason)s WHEN blamed THEN %(writing)s ELSE reason END,
    payload = CASE WHEN phase = 2 OR (blamed AND attempt + 1 >= %(most)s) THEN '{{}}'
                   ELSE payload END,
    phase = CASE WHEN phase = 2 THEN 2 ELSE 0 END,
    claimed_by = '', lease_until = NULL
FROM found WHERE d.id = found.id
RETURNING d.state
"""  # noqa: S608  # two constants

# From here on `claimed_by` says that a row is ours: a constraint ties it to the state "taken".

# The last moment at which a delivery can be stopped. The lease is asked of the database's
# clock too: a worker that was paused in between sends nothing.
BEGIN = """
UPDATE organisations_delivery SET phase = 1
WHERE id = (SELECT id FROM organisations_delivery
            WHERE id = %(id)s AND claimed_by = %(worker)s AND phase = 0
              AND clock_timestamp() < lease_until - make_interval(secs => %(margin)s)
            FOR UPDATE SKIP LOCKED)
"""

TAKE_BACK = """
UPDATE organisations_delivery SET phase = 0
WHERE id = %(id)s AND claimed_by = %(worker)s AND phase = 1
"""

DONE = """
UPDATE organisations_delivery SET phase = 2, sent_at = clock_timestamp(), reply = %(text)s
WHERE id = %(id)s AND claimed_by = %(worker)s
"""

DONE_THEN_BEGIN = f"WITH done AS ({DONE.replace('%(id)s', '%(done)s')}) {BEGIN}"

CLOSE = """
UPDATE organisations_delivery
SET state = CASE WHEN phase = 2 THEN 'sent' ELSE 'pending' END,
    payload = CASE WHEN phase = 2 THEN '{}' ELSE payload END,
    reason = CASE WHEN phase = 2 THEN '' ELSE reason END,
    claimed_by = '', lease_until = NULL
WHERE id IN (SELECT id FROM organisations_delivery
             WHERE id = ANY (%(ids)s) AND claimed_by = %(worker)s AND phase IN (0, 2)
             FOR UPDATE SKIP LOCKED)
"""

FAIL = f"""
UPDATE organisations_delivery
SET attempt = attempt + 1, uncertain_times = uncertain_times + %(uncertain)s,
    state = CASE WHEN %(uncertain)s = 1 AND uncertain_times >= %(most_uncertain)s THEN 'uncertain'
                 WHEN attempt + 1 >= %(most)s THEN 'dead' ELSE 'pending' END,
    payload = CASE WHEN %(uncertain)s = 0 AND attempt + 1 >= %(most)s THEN '{{}}'
                   ELSE payload END,
    due_at = clock_timestamp() + {PAUSE},
    phase = 0, reason = %(text)s, claimed_by = '', lease_until = NULL
WHERE id = %(id)s AND claimed_by = %(worker)s
RETURNING state
"""  # noqa: S608  # two constants

END = """
UPDATE organisations_delivery
SET state = %(state)s, reason = %(text)s, payload = '{}', phase = 0,
    attempt = attempt + %(attempts)s, claimed_by = '', lease_until = NULL
WHERE id = %(id)s AND claimed_by = %(worker)s
"""


# What its reader wants to find in a summary; kept with the words that only the row has.
END_AS_NEWS = f"""
WITH news AS (
    INSERT INTO organisations_heldnews (delivery_id, payload, address, held_at)
    SELECT id, payload, lower(recipient), clock_timestamp() FROM organisations_delivery
    WHERE id = %(id)s AND claimed_by = %(worker)s
    ON CONFLICT DO NOTHING)
{END}"""  # noqa: S608  # a constant

# Nothing went wrong: no attempt is counted, and by the clock it is not due before then.
PUT_OFF = """
UPDATE organisations_delivery
SET state = 'pending', due_at = greatest(%(until)s, clock_timestamp() + interval '1 minute'),
    reason = %(text)s, phase = 0, claimed_by = '', lease_until = NULL
WHERE id = %(id)s AND claimed_by = %(worker)s
"""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a delivery did not go out this time, in words that name nobody.

    `most` is how many such failures end it; None ends it at once. `uncertain`: the message
    may have arrived all the same.
    """

    reason: str
    most: int | None = MOST_TEMPORARY_FAILURES
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger as one worker writes in it; `worker` is unique to this draining."""

    worker: str
    lease: float  # seconds

    @property
    def margin(self) -> float:
        """Seconds before the lease's end from which nothing more is begun."""
        return self.lease * 0.2

    def reap(self) -> int:
        """Settle what dead workers left behind; says how many rows."""
        return self._run(
            REAP,
            most_uncertain=most_uncertain(),
            most=MOST_TEMPORARY_FAILURES,
            reason="A worker stopped while it was handing the message over.",
            writing="A worker stopped while it was writing the message.",
        )[0]

    def claim(self, size: int, *, now: datetime | None = None) -> list[Delivery]:
        """Take up to `size` deliveries that are due, the longest due first."""
        _connection()
        values = {"now": now, "size": size, "worker": self.worker, "lease": self.lease}
        taken = list(Delivery.objects.using("worker").raw(CLAIM, values))
        return sorted(taken, key=lambda delivery: (delivery.due_at, delivery.pk))

    def begin(self, delivery: Delivery, *, after: Accepted | None = None) -> bool:
        """Pass the point of no return, in one statement with recording the message before.

        False: withdrawn, or the lease is nearly over. Then nothing is sent.
        """
        if after is None:
            return self._run(BEGIN, id=delivery.pk, margin=self.margin)[0] == 1
        return (
            self._run(
                DONE_THEN_BEGIN,
                done=after.delivery.pk,
                text=after.reply[:LONGEST_TEXT],
                id=delivery.pk,
                margin=self.margin,
            )[0]
            == 1
        )

    def done(self, accepted: Accepted) -> bool:
        """Record that the mail server took the message; False when the lease was lost."""
        text = accepted.reply[:LONGEST_TEXT]
        return self._run(DONE, id=accepted.delivery.pk, text=text)[0] == 1

    def take_back(self, delivery: Delivery) -> None:
        """Record that what was begun certainly did not go out, through no fault of its own."""
        self._run(TAKE_BACK, id=delivery.pk)

    def close(self, deliveries: Iterable[Delivery]) -> None:
        """End a batch: what was accepted is sent, what was not begun is due again."""
        self._run(CLOSE, ids=[delivery.pk for delivery in deliveries])

    def fail(self, delivery: Delivery, failure: Failure) -> str:
        """Record a failure; returns the state it leads to (the present one if not ours now)."""
        if failure.most is None:
            self._end(delivery, "dead", failure.reason, attempts=1)
            return "dead"
        _, rows = self._run(
            FAIL,
            id=delivery.pk,
            text=failure.reason[:LONGEST_TEXT],
            most=failure.most,
            uncertain=int(failure.uncertain),
            most_uncertain=most_uncertain(),
        )
        return str(rows[0][0]) if rows else "lost"

    def cancel(self, delivery: Delivery, reason: str, *, as_news: bool = False) -> None:
        """Record that the e-mail has lost its point; `as_news` keeps it for a summary."""
        self._end(delivery, "cancelled", reason, attempts=0, how=END_AS_NEWS if as_news else END)

    def put_off(self, delivery: Delivery, until: datetime, reason: str) -> None:
        """Record that the e-mail waits until a later moment, through no fault of anybody's."""
        text = f"{HELD}{reason}"[:LONGEST_TEXT]
        self._run(PUT_OFF, id=delivery.pk, until=until, text=text)

    def _end(
        self, delivery: Delivery, state: str, reason: str, *, attempts: int, how: str = END
    ) -> None:
        text = reason[:LONGEST_TEXT]
        self._run(how, id=delivery.pk, state=state, text=text, attempts=attempts)

    def _run(self, statement: str, **values: Any) -> tuple[int, Sequence[Any]]:
        with _connection().cursor() as cursor:
            cursor.execute(statement, {"worker": self.worker, **values})
            return cursor.rowcount, cursor.fetchall() if cursor.description else ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that the mail server took, and its words."""

    delivery: Delivery
    reply: str


def most_uncertain() -> int:
    """How often a message that may have arrived is sent again before it is set aside."""
    if provider().can_be_asked:
        return NEVER
    return MOST_UNCERTAIN if settings.OUTBOX_UNCERTAIN == "resend" else 0


def _connection() -> Any:
    if "worker" not in settings.DATABASES:
        raise ImproperlyConfigured(
            "WORKER_DATABASE_URL is not set. It holds the address of the PostgreSQL database as "
            "the role that sends what is in the outbox; only workers need it."
        )
    return connections["worker"]
