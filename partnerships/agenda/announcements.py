"""Which e-mails an item asks the outbox for, and which it takes back."""

from __future__ import annotations

from django.utils import timezone

from organisations import outbox
from organisations.actor import Actor
from partnerships.agenda.models import AgendaItem
from partnerships.agenda.plans import reminders
from partnerships.agenda.recipients import people_to_tell

REMINDER = "agenda_reminder"
MEETING_CHANGED = "agenda_meeting_changed"


def plan_reminders(*, by: Actor, item: AgendaItem) -> None:
    """Remind the item's people of the day when its paper is due."""
    people = people_to_tell(item)
    for reminder in reminders(item, timezone.now()):
        for person in people:
            outbox.enqueue(
                kind=REMINDER,
                subject=item.ref,
                recipient=person.email,
                by=by,
                due_at=reminder.due_at,
                offset_minutes=reminder.offset_minutes,
                revision=item.revision,
                posting_id=person.posting_id,
            )


def replace_reminders(*, by: Actor, item: AgendaItem) -> None:
    """Take back what was asked for before a change, and ask anew."""
    outbox.withdraw(subject=item.ref, reason="The item was changed.", kinds=[REMINDER])
    plan_reminders(by=by, item=item)


def tell_of_meeting(*, by: Actor, item: AgendaItem) -> None:
    """Tell the item's people that the gateway changed its meeting, and what it was before."""
    was = item.known_meets_on
    for person in people_to_tell(item):
        outbox.enqueue(
            kind=MEETING_CHANGED,
            subject=item.ref,
            recipient=person.email,
            by=by,
            revision=item.revision,
            posting_id=person.posting_id,
            payload={"was": was.isoformat() if was else ""},
        )


def forget_reminders(item: AgendaItem) -> None:
    """Remind nobody of a paper any more."""
    outbox.withdraw(subject=item.ref, reason="The paper was sent.", kinds=[REMINDER])


def call_off(item: AgendaItem, reason: str) -> None:
    """Take back everything that has not gone out."""
    outbox.withdraw(subject=item.ref, reason=reason)
