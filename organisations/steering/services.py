"""An operator has deliveries tried again, or drops them, and says why."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from organisations import audit, outbox, permissions
from organisations.actor import Actor
from organisations.models import OutboxDecision
from organisations.permissions import Permission

DONE = {
    OutboxDecision.RETRY: "deliveries tried again by an operator",
    OutboxDecision.DROP: "deliveries dropped by an operator",
}


@transaction.atomic
def steer(*, by: Actor, deliveries: Collection[int], action: str, reason: str) -> OutboxDecision:
    """Try some deliveries again at once (`retry`), or drop them for good (`drop`).

    What has moved on meanwhile, or has lost its words, stays as it is: the decision names those
    that it changed. The reason of a drop stands at the delivery, where its organisation reads it.
    Raises ValidationError without a reason, without a delivery, or when none could be changed.
    """
    permissions.require(by, Permission.STEER_OUTBOX)
    if action not in DONE:
        raise ValidationError({"action": "Choose what to do with them"})
    if not reason.strip():
        raise ValidationError({"reason": "Say why"})
    if not deliveries:
        raise ValidationError({"deliveries": "Choose at least one email"})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT decision, number FROM tandem.steer_outbox(%s::bigint[], %s, %s)",
            [sorted(deliveries), action, reason.strip()],
        )
        found = cursor.fetchone()
    if found is None:
        raise ValidationError(
            "Nothing was changed: they have moved on meanwhile, or their words are gone."
        )
    decision: OutboxDecision = OutboxDecision.objects.get(pk=found[0])
    audit.record(DONE[action], by=by, obj=decision, changes={"number": len(decision.deliveries)})
    if action == OutboxDecision.RETRY:
        outbox.wake_on_commit()
    return decision
