"""When reminders of a paper are due. Pure: nothing here reads or writes the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from calendars.london import at_wall_clock
from calendars.working_days import add_working_days
from partnerships.agenda.models import AgendaItem, ItemState

# How many working days before the paper is due, and at what time by London clocks.
WORKING_DAYS_BEFORE = (10, 3)
CLOCK = time(9, 0)
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder: when, and how it is told from the other."""

    due_at: datetime
    offset_minutes: int


def reminders(item: AgendaItem, now: datetime) -> list[Reminder]:
    """Those still to come for a paper that is still to be sent to a meeting that stands."""
    due = item.due_on
    called_off = item.meeting is not None and not item.meeting_stands
    if due is None or called_off or item.state != ItemState.PLANNED:
        return []
    found = [Reminder(_moment(due, days), days * DAY_MINUTES) for days in WORKING_DAYS_BEFORE]
    return [each for each in found if each.due_at > now]


def _moment(due: date, days: int) -> datetime:
    return at_wall_clock(add_working_days(due, -days), CLOCK)
