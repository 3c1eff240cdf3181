"""Which e-mails a whole series asks the outbox for: one for each person, with all its dates.

Each date besides asks for its own, as `announcements` says: a calendar invitation when it comes
near, and its reminders.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from organisations import outbox
from organisations.actor import Actor
from organisations.models import Delivery
from partnerships.record.recipients import people_to_tell
from partnerships.touchpoints.announcements import OF_A_SERIES, received
from partnerships.touchpoints.models import TouchpointSeries

INVITED, CHANGED = OF_A_SERIES
ENDED = "series_cancelled"


def announce(*, by: Actor, series: TouchpointSeries) -> None:
    """Send everyone who is to be told the dates of a new series."""
    for person in people_to_tell(series.partnership):
        _ask(INVITED, by, series, person.email, person.posting_id)


def announce_to_newcomers(*, by: Actor, series: TouchpointSeries) -> int:
    """Send its dates to those who are to be told by now and have not been; says how many."""
    told = Delivery.objects.filter(
        subject=series.ref, kind__in=OF_A_SERIES, revision=series.revision
    )
    addresses = {each.lower() for each in told.values_list("recipient", flat=True)}
    newcomers = [
        each for each in people_to_tell(series.partnership) if each.email.lower() not in addresses
    ]
    for person in newcomers:
        _ask(INVITED, by, series, person.email, person.posting_id)
    return len(newcomers)


def announce_change(
    *, by: Actor, series: TouchpointSeries, was: Mapping[str, datetime], notes: str = ""
) -> None:
    """News to those who know the series, its dates to the others.

    `was`: when dates that were moved or cancelled were to be, by their references.
    """
    outbox.withdraw(subject=series.ref, reason="The series was changed.")
    know = {delivery.recipient.lower() for delivery in received(series.ref, OF_A_SERIES)}
    payload = {"was": {ref: at.isoformat() for ref, at in was.items()}, "notes": notes}
    for person in people_to_tell(series.partnership):
        if person.email.lower() in know:
            _ask(CHANGED, by, series, person.email, person.posting_id, payload=payload)
        else:
            _ask(INVITED, by, series, person.email, person.posting_id)


def announce_end(*, by: Actor, series: TouchpointSeries, notes: str = "") -> None:
    """Take back what has not gone out, and tell those who know the series."""
    outbox.withdraw(subject=series.ref, reason="The series was ended.")
    for delivery in received(series.ref, OF_A_SERIES):
        _ask(ENDED, by, series, delivery.recipient, delivery.posting_id, payload={"notes": notes})


def _ask(
    kind: str,
    by: Actor,
    series: TouchpointSeries,
    recipient: str,
    posting_id: int | None,
    **more: Any,
) -> None:
    outbox.enqueue(
        kind=kind,
        subject=series.ref,
        recipient=recipient,
        by=by,
        revision=series.revision,
        posting_id=posting_id,
        **more,
    )
