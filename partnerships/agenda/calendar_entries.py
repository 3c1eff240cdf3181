"""An item as iCalendar entries: the day its paper is due, and the day of its meeting.

Whole days that keep nobody from meeting; what is called off or withdrawn stays for a while, so
that calendars that keep what they once read take it out.
"""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from icalendar import Event

from calendars.entries import in_lines, new_entry, one_line, put_whole_days
from calendars.london import london_day
from partnerships.agenda.models import AgendaItem


def address_of(item: AgendaItem) -> str:
    """The neutral address of an item, which leads each reader to their own view of it."""
    return f"{settings.BASE_URL}/r/a-{item.ref}/"


def entries_of(item: AgendaItem, *, stamp: datetime, cancelled_since: date) -> list[Event]:
    """Its entries; none of one that was called off or withdrawn before `cancelled_since`."""
    off = _off_since(item)
    if off is not None and off < cancelled_since:
        return []
    found = []
    if item.due_on is not None:
        words = "Paper sent" if item.sent_on else "Paper due"
        found.append(_entry(f"paper-{item.ref}@tandem", item, words, item.due_on, stamp))
    if item.meeting is not None:
        words = one_line(str(item.gateway))
        found.append(_entry(f"item-{item.ref}@tandem", item, words, item.meeting.meets_on, stamp))
    return found


def _entry(uid: str, item: AgendaItem, words: str, day: date, stamp: datetime) -> Event:
    event = new_entry(uid, stamp=stamp, summary=f"{words}: {item.title}")
    event.add("sequence", item.revision)
    put_whole_days(event, day, day)
    about = [f"{item.partnership.name} · {item.gateway}", in_lines(item.ask), address_of(item)]
    event.add("description", "\n\n".join(each for each in about if each))
    event.add("url", address_of(item))
    event.add("status", "CONFIRMED" if _off_since(item) is None else "CANCELLED")
    return event


def _off_since(item: AgendaItem) -> date | None:
    """Since when nothing of it takes place; None while it stands."""
    if item.withdrawn_on is not None:
        return item.withdrawn_on
    if item.meeting is not None and item.meeting.cancelled_at is not None:
        return london_day(item.meeting.cancelled_at)
    return None
