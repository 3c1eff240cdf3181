"""What GOV.UK Notify reports of an e-mail after it took it: delivered, or why it never will be."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from organisations.outbox.composing import tell_refused
from organisations.outbox.finding import find
from organisations.outbox.notify.carrier import receipt

DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an e-mail did not arrive, in words that name nobody; `bounced`: its address is why."""

    reason: str
    bounced: bool


FAILURES = {
    "permanent-failure": Failure("The address does not exist, or refused the e-mail.", True),
    # Notify has tried for up to three days by then.
    "temporary-failure": Failure(
        "The mailbox took no e-mail for days: it is full, or it filters ours out.", True
    ),
    "technical-failure": Failure(
        "GOV.UK Notify could not hand the e-mail on. It can be sent again.", False
    ),
}


@transaction.atomic
def note(*, reference: str, notification_id: str, status: str) -> bool:
    """Keep what became of an e-mail, and let its kind know of an address that refused.

    In any order and as often as it comes. Returns whether it changed a delivery for the worse.
    """
    failure = FAILURES.get(status)
    if failure is None and status != DELIVERED:
        return False
    delivery = find(reference)
    if delivery is None:
        return False
    delivery.reason = failure.reason if failure else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tandem.note_receipt(%s, %s, %s, %s)",
            [
                reference,
                receipt({"id": notification_id}),
                failure is None,
                delivery.reason,
            ],
        )
        (worse,) = cursor.fetchone()
    if worse and failure is not None and failure.bounced:
        tell_refused(delivery)
    return bool(worse)
