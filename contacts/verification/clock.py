"""What the clock wakes: asks who is due, hands letters to the outbox, makes old ones anonymous.

The database decides what is due and remembers what was done. Killed at any point, or run twice
at once, the next run goes on from there: the outbox takes each letter once.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.utils import timezone

from contacts.verification import mail
from contacts.verification.services import note_refused
from organisations import outbox

WORKER = "worker"
AT_ONCE = 500


def run() -> int:
    """Do everything that is due now; says how many checks were opened."""
    opened = int(_worker("SELECT tandem.step_checks(%s, %s)", [timezone.now(), AT_ONCE])[0][0])
    hand_on()
    return opened


def hand_on() -> int:
    """Give the outbox every letter that it does not have yet; says how many."""
    handed = 0
    while rows := _worker("SELECT * FROM tandem.letters_to_hand_on(%s)", [AT_ONCE]):
        with transaction.atomic():
            for ref, kind, recipient in rows:
                _enqueue(ref, kind, recipient)
        refs = [ref for ref, _, _ in rows]
        _worker("SELECT tandem.letters_handed_on(%s, %s)", [refs, timezone.now()])
        handed += len(rows)
    return handed


def anonymise() -> int:
    """Take the person out of postings that ended two years ago; says how many."""
    done = 0
    while some := int(
        _worker("SELECT tandem.anonymise_postings(%s, %s)", [timezone.now(), AT_ONCE])[0][0]
    ):
        done += some
    return done


def _enqueue(ref: str, kind: str, recipient: str) -> None:
    try:
        outbox.enqueue(kind=mail.kind_of(kind), subject=ref, recipient=recipient, by=None)
    except ValidationError:
        # It came from a file, and can be no address.
        note_refused(ref=ref, reason="This is not an email address")


def _worker(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connections[WORKER].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
