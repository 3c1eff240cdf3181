"""Which e-mails a touchpoint asks the outbox for, and which it takes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from calendars.london import wall_clock_before
from organisations import outbox
from organisations.actor import Actor
from organisations.models import Delivery
from organisations.models.delivery import State
from partnerships.record.recipients import Recipient, people_to_tell
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.plans import REMINDER_OFFSET

INVITATION = "touchpoint_invitation"
REMINDER = "touchpoint_reminder"
MOVED = "touchpoint_moved"
CANCELLED = "touchpoint_cancelled"
ANNOUNCING = (INVITATION, MOVED)
REMINDER_MINUTES = int(REMINDER_OFFSET.total_seconds() // 60)


def announce(*, by: Actor, touchpoint: Touchpoint) -> None:
    """Invite everyone who is to be told, and remind them the day before."""
    for person in people_to_tell(touchpoint.partnership):
        _ask(INVITATION, by, touchpoint, person)
        _remind(by, touchpoint, person)


def announce_change(*, by: Actor, touchpoint: Touchpoint, was: datetime) -> None:
    """Replace what had been asked for: news to those who know, an invitation to the others."""
    outbox.withdraw(subject=touchpoint.ref, reason="The touchpoint was changed.")
    know = {delivery.recipient.lower() for delivery in _received(touchpoint)}
    for person in people_to_tell(touchpoint.partnership):
        if person.email.lower() in know:
            _ask(MOVED, by, touchpoint, person, payload={"was": was.isoformat()})
        else:
            _ask(INVITATION, by, touchpoint, person)
        _remind(by, touchpoint, person)


def announce_cancellation(*, by: Actor, touchpoint: Touchpoint) -> None:
    """Take back what has not gone out, and tell those who had been invited."""
    outbox.withdraw(subject=touchpoint.ref, reason="The touchpoint was cancelled.")
    for delivery in _received(touchpoint):
        outbox.enqueue(
            kind=CANCELLED,
            subject=touchpoint.ref,
            recipient=delivery.recipient,
            by=by,
            revision=touchpoint.revision,
            posting_id=delivery.posting_id,
        )


def announce_to_newcomers(*, by: Actor, touchpoint: Touchpoint) -> int:
    """Invite those who are to be told by now and have not been; says how many there were."""
    invited = {
        recipient.lower()
        for recipient in Delivery.objects.filter(
            subject=touchpoint.ref, kind__in=ANNOUNCING, revision=touchpoint.revision
        ).values_list("recipient", flat=True)
    }
    newcomers = [
        person
        for person in people_to_tell(touchpoint.partnership)
        if person.email.lower() not in invited
    ]
    for person in newcomers:
        _ask(INVITATION, by, touchpoint, person)
        _remind(by, touchpoint, person)
    return len(newcomers)


def call_off(touchpoint: Touchpoint) -> None:
    """Take back what has not gone out about a touchpoint that is over."""
    outbox.withdraw(subject=touchpoint.ref, reason="The touchpoint is over.")


def _received(touchpoint: Touchpoint) -> list[Delivery]:
    """What has told people of a touchpoint, or may have; one for each address."""
    known = Delivery.objects.filter(subject=touchpoint.ref, kind__in=ANNOUNCING).filter(
        Q(state__in=[State.SENT, State.TAKEN, State.UNCERTAIN]) | Q(uncertain_times__gt=0)
    )
    return list({delivery.recipient.lower(): delivery for delivery in known}.values())


def _remind(by: Actor, touchpoint: Touchpoint, person: Recipient) -> None:
    """A reminder the day before, at the same time on London clocks; none once that is past."""
    due_at = wall_clock_before(touchpoint.starts_at, REMINDER_OFFSET)
    if due_at > timezone.now():
        _ask(REMINDER, by, touchpoint, person, due_at=due_at, offset_minutes=REMINDER_MINUTES)


def _ask(kind: str, by: Actor, touchpoint: Touchpoint, person: Recipient, **more: Any) -> None:
    outbox.enqueue(
        kind=kind,
        subject=touchpoint.ref,
        recipient=person.email,
        by=by,
        revision=touchpoint.revision,
        posting_id=person.posting_id,
        **more,
    )
