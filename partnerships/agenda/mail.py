"""The e-mails about an item: written, and checked once more, just before each is sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from calendars.london import day_in_words, day_starts, today, weekday_in_words
from contacts.services import address_refused
from organisations import outbox
from organisations.models import Delivery
from organisations.outbox import Kind, NotNeeded, groups
from partnerships.agenda.announcements import MEETING_CHANGED, REMINDER
from partnerships.agenda.models import AgendaItem, ItemState
from partnerships.agenda.recipients import Recipient, people_to_tell


def register() -> None:
    """Make both kinds known to the outbox."""
    outbox.register(
        Kind(
            REMINDER,
            "Reminder of a paper that is due",
            reminder,
            on_dead=address_refused,
            group=groups.ACTIONS,
            pointless_from=due_day_over,
        )
    )
    outbox.register(
        Kind(
            MEETING_CHANGED,
            "Change to a gateway’s meeting",
            meeting_changed,
            on_dead=address_refused,
            group=groups.ACTIONS,
            pointless_from=next_meeting_day,
        )
    )


def reminder(delivery: Delivery) -> EmailMessage | NotNeeded:
    """The paper is due soon; nothing once it is sent, or when another e-mail tells more."""
    found = _found(delivery)
    if isinstance(found, NotNeeded):
        return found
    item, person = found
    if item.state != ItemState.PLANNED:
        return NotNeeded("The paper was sent, or the item is over.")
    due = item.due_on
    if due is None or due < today():
        return NotNeeded("The paper is no longer due.")
    if not item.knows_its_meeting:
        return NotNeeded("The gateway changed its meeting; another e-mail tells how.")
    if item.meeting is not None and not item.meeting_stands:
        return NotNeeded("The meeting was called off.")
    return _letter(
        delivery,
        item,
        person,
        f"Paper due {day_in_words(due)}: {item.title}",
        due=weekday_in_words(due),
    )


def meeting_changed(delivery: Delivery) -> EmailMessage | NotNeeded:
    """The region's admin moved the meeting, called it off, or changed when papers are due."""
    found = _found(delivery)
    if isinstance(found, NotNeeded):
        return found
    item, person = found
    if not item.is_open or item.meeting is None:
        return NotNeeded("The item is over, or has no meeting any more.")
    was = delivery.payload.get("was", "")
    day = day_in_words(item.meeting.meets_on)
    called_off = not item.meeting_stands
    moved = bool(was) and was != item.meeting.meets_on.isoformat()
    happened = "is called off" if called_off else ("has a new day" if moved else "has new dates")
    return _letter(
        delivery,
        item,
        person,
        f"{item.gateway}: the meeting {'of ' + day + ' ' if not moved else ''}{happened}",
        was=weekday_in_words(date.fromisoformat(was)) if moved else "",
        called_off=called_off,
        due=weekday_in_words(item.due_on) if item.due_on else "",
    )


def due_day_over(delivery: Delivery) -> datetime | None:
    """The end of the day on which the paper is due: after that, a reminder comes too late."""
    item = AgendaItem.objects.filter(ref=delivery.subject).select_related("meeting").first()
    if item is None or item.due_on is None:
        return None
    return day_starts(item.due_on + timedelta(days=1))


def next_meeting_day(delivery: Delivery) -> datetime | None:
    """The day of the meeting, or that on which it was to be, whichever comes first: who goes there
    must know before."""
    item = AgendaItem.objects.filter(ref=delivery.subject).select_related("meeting").first()
    if item is None or item.meeting is None:
        return None
    was = delivery.payload.get("was")
    days = [item.meeting.meets_on, *([date.fromisoformat(was)] if was else [])]
    coming = [day for day in days if day >= today()]
    return day_starts(min(coming)) if coming else None


def _found(delivery: Delivery) -> tuple[AgendaItem, Recipient] | NotNeeded:
    """Read everything anew, as the sending organisation sees it now."""
    item = (
        AgendaItem.objects.filter(ref=delivery.subject, acl__overlap=[delivery.organisation_id])
        .select_related("partnership", "author", "author_organisation", "meeting")
        .select_related("gateway__type", "gateway__place", "gateway__region")
        .first()
    )
    if item is None:
        return NotNeeded("The organisation that sends this is no longer in the partnership.")
    if item.revision != delivery.revision:
        return NotNeeded("The item was changed; a later e-mail tells how.")
    for person in people_to_tell(item):
        if person.email.lower() == delivery.recipient.lower():
            return item, person
    return NotNeeded("No longer the contact, or no longer at the organisation.")


def _letter(
    delivery: Delivery, item: AgendaItem, person: Recipient, subject: str, **more: Any
) -> EmailMessage:
    return outbox.letter(
        delivery.kind,
        subject=subject,
        to=delivery.recipient,
        context={
            "item": item,
            "gateway": str(item.gateway),
            "partnership": item.partnership.name,
            "organisation": item.author_organisation.name,
            "meets": weekday_in_words(item.meeting.meets_on) if item.meeting else "",
            "address": f"{settings.BASE_URL}/r/a-{item.ref}/",
            "because": person.why,
            **more,
        },
    )
