"""Which e-mails a whole series asks the outbox for: one for each person, with all its dates.

Each date besides asks for its own, as `announcements` says: a calendar invitation when it comes
near, and its reminders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from organisations import outbox
from organisations.actor import Actor
from organisations.models import Delivery
from organisations.models.delivery import State
from partnerships.record.recipients import people_to_tell
from partnerships.touchpoints.announcements import OF_A_SERIES, received, told_since_taken_off
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries

INVITED, CHANGED = OF_A_SERIES
ENDED = "series_cancelled"
TAKEN_OFF = "series_taken_off"


def announce(*, by: Actor, series: TouchpointSeries) -> None:
    """Send everyone who is to be told the dates of a new series."""
    for person in people_to_tell(series.partnership):
        _ask(INVITED, by, series, person.email, person.posting_id)


def announce_to_newcomers(*, by: Actor, series: TouchpointSeries) -> int:
    """Send its dates to those who are to be told by now and have not been; says how many."""
    people = {person.email.lower(): person for person in people_to_tell(series.partnership)}
    # Who is a contact again before they were told that they need not come never hears of it.
    outbox.withdraw(
        subject=series.ref,
        reason="They are invited again.",
        kinds=[TAKEN_OFF],
        recipients=list(people),
    )
    told, before, taken_off = Counter[str](), Counter[str](), Counter[str]()
    for each in Delivery.objects.filter(subject=series.ref, revision=series.revision):
        address, stands = each.recipient.lower(), each.state != State.CANCELLED
        before[address] += each.kind == INVITED
        told[address] += stands and each.kind in OF_A_SERIES
        taken_off[address] += stands and each.kind == TAKEN_OFF
    newcomers = [address for address in people if told[address] <= taken_off[address]]
    for address in newcomers:
        person = people[address]
        _ask(INVITED, by, series, person.email, person.posting_id, offset_minutes=before[address])
    return len(newcomers)


def announce_taking_off(
    *, by: Actor, series: TouchpointSeries, posting_id: int, dates: Collection[Touchpoint]
) -> None:
    """Tell somebody once, if they know the series, that they need not come to these dates of it.

    It says when each was to be by what they know, and is true whatever becomes of them.
    """
    outbox.write_anew(subject=series.ref, posting_id=posting_id)
    earlier = Counter(
        each.lower()
        for each in Delivery.objects.filter(
            subject=series.ref, kind=TAKEN_OFF, revision=series.revision
        ).values_list("recipient", flat=True)
    )
    payload = {"dates": {each.ref: each.starts_at.isoformat() for each in dates}}
    for delivery in received(series.ref, OF_A_SERIES):
        if delivery.posting_id == posting_id and told_since_taken_off(delivery, TAKEN_OFF):
            _ask(
                TAKEN_OFF,
                by,
                series,
                delivery.recipient,
                posting_id,
                offset_minutes=earlier[delivery.recipient.lower()],
                payload=payload,
            )


def announce_change(
    *, by: Actor, series: TouchpointSeries, was: Mapping[str, datetime], notes: str = ""
) -> None:
    """News to those who know the series, its dates to the others.

    `was`: when dates that were moved or cancelled were to be, by their references.
    """
    _withdraw(series, "The series was changed.")
    know = {delivery.recipient.lower() for delivery in received(series.ref, OF_A_SERIES)}
    payload = {"was": {ref: at.isoformat() for ref, at in was.items()}, "notes": notes}
    for person in people_to_tell(series.partnership):
        if person.email.lower() in know:
            _ask(CHANGED, by, series, person.email, person.posting_id, payload=payload)
        else:
            _ask(INVITED, by, series, person.email, person.posting_id)


def announce_end(*, by: Actor, series: TouchpointSeries, notes: str = "") -> None:
    """Take back what has not gone out, and tell those who know the series."""
    _withdraw(series, "The series was ended.")
    for delivery in received(series.ref, OF_A_SERIES):
        _ask(ENDED, by, series, delivery.recipient, delivery.posting_id, payload={"notes": notes})


def _withdraw(series: TouchpointSeries, reason: str) -> None:
    """What has not gone out, but not the news to somebody that they need not come."""
    outbox.withdraw(subject=series.ref, reason=reason, keep=[TAKEN_OFF])


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
