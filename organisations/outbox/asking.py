"""Asking for an e-mail, and taking the wish back: what services call, as the web role.

Both work inside the caller's transaction: an e-mail is asked for exactly when the change that
it tells of is committed. Nothing here sends.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils import timezone

from organisations.actor import Actor
from organisations.models import User
from organisations.outbox.kinds import kind_named
from organisations.tenancy.scope import Scope, acting

# No conflict target and no RETURNING: either would have row security demand that the asker may
# read the row, which nobody may for an account e-mail.
ASK = """
INSERT INTO organisations_delivery
    (kind, subject, recipient, offset_minutes, revision, organisation_id, posting_id, payload,
     had_payload, state, phase, due_at, created_at, claimed_by, attempt, uncertain_times, reply,
     reason)
VALUES (%(kind)s, %(subject)s, %(recipient)s, %(offset_minutes)s, %(revision)s,
        %(organisation_id)s, %(posting_id)s, %(payload)s,
        %(payload)s::jsonb <> '{}', 'pending', 0, coalesce(%(due_at)s, now()), now(), '', 0, 0, '',
        '')
ON CONFLICT DO NOTHING
"""

# `phase = 0` against the worker's "phase 0 becomes 1": whoever locks the row first wins.
WITHDRAW = """
UPDATE organisations_delivery
SET state = 'cancelled', reason = %(reason)s, payload = '{}', claimed_by = '', lease_until = NULL
WHERE subject = %(subject)s AND (state = 'pending' OR (state = 'taken' AND phase = 0))
  AND (%(kinds)s::text[] IS NULL OR kind = ANY (%(kinds)s)) AND NOT kind = ANY (%(keep)s::text[])
  AND (%(recipients)s::text[] IS NULL OR lower(recipient) = ANY (%(recipients)s))
"""


WITHDRAW_ALL = """
UPDATE organisations_delivery
SET state = 'cancelled', reason = %(reason)s, payload = '{}', claimed_by = '', lease_until = NULL
WHERE organisation_id = %(organisation_id)s AND NOT kind = ANY (%(keep)s::text[])
  AND (state = 'pending' OR (state = 'taken' AND phase = 0))
"""


def enqueue(
    *,
    kind: str,
    subject: str,
    recipient: str,
    by: Actor | None,
    due_at: datetime | None = None,
    offset_minutes: int = 0,
    revision: int = 0,
    posting_id: int | None = None,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Ask for one e-mail; asking again with the same key changes nothing.

    The key is `(kind, subject, recipient, offset_minutes, revision)`. It goes out on behalf of
    the actor's organisation, and is written as that organisation sees the record when it is
    due (`due_at`, at once if None). `subject` is the random public reference of what it is
    about. Wakes the worker once the transaction is committed.

    Raises ValidationError for an address that cannot be one, ValueError for an unknown kind.
    """
    kind_named(kind)
    recipient = User.objects.normalize_email(recipient.strip())
    validate_email(recipient)
    with connection.cursor() as cursor:
        cursor.execute(
            ASK,
            {
                "kind": kind,
                "subject": subject,
                "recipient": recipient,
                "offset_minutes": offset_minutes,
                "revision": revision,
                "organisation_id": by.organisation_id if by else None,
                "posting_id": posting_id,
                "payload": json.dumps(dict(payload or {})),
                "due_at": due_at,
            },
        )
    if due_at is None or due_at <= timezone.now():
        wake_on_commit()


def withdraw(
    *,
    subject: str,
    reason: str,
    kinds: Collection[str] | None = None,
    recipients: Collection[str] | None = None,
    keep: Collection[str] = (),
) -> int:
    """Cancel what has been asked for about `subject` and not yet handed over; say how many.

    Of these kinds and to these recipients alone, if given; not what is of the kinds to `keep`.

    Atomic against a worker about to send: an e-mail counted here is not sent from now on, unless
    the caller's transaction is rolled back. (A worker that was killed while it handed one over
    may have sent that before.) `reason` is a sentence that names nobody.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            WITHDRAW,
            {
                "subject": subject,
                "reason": reason,
                "kinds": list(kinds) if kinds else None,
                "keep": list(keep),
                "recipients": [to.lower() for to in recipients] if recipients else None,
            },
        )
        return int(cursor.rowcount)


def write_anew(*, subject: str, posting_id: int) -> None:
    """Somebody may be meant no longer: ask once more about what has not begun to go to them.

    What a worker has written already and not begun goes back into the queue; what waits is
    written after the caller's transaction. On whoever's behalf it would go. Nothing is cancelled:
    whether it goes, its kind says.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.write_anew(%s, %s)", [subject, posting_id])


def withdraw_all(*, organisation_id: int, reason: str, keep: Collection[str] = ()) -> int:
    """Cancel everything that would still go out on behalf of an organisation; say how many.

    Not what is of the kinds to `keep`.
    """
    with acting(Scope(organisation_id=organisation_id)), connection.cursor() as cursor:
        cursor.execute(
            WITHDRAW_ALL,
            {"organisation_id": organisation_id, "reason": reason, "keep": list(keep)},
        )
        return int(cursor.rowcount)


def wake_on_commit() -> None:
    """Wake the worker once, however many e-mails this transaction asks for."""
    if not any(entry[1] is _wake for entry in connection.run_on_commit):
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    from organisations.tasks import wake_worker

    wake_worker()
