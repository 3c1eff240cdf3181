"""When reminders of an action are due. Pure: nothing here reads or writes the database."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from calendars.london import at_wall_clock
from calendars.working_days import next_working_day

# So long before the day it is due, and at what time by London clocks.
AHEAD = timedelta(days=2)
CLOCK = time(9, 0)


def due_soon_at(due_on: date) -> datetime:
    """When its owner is reminded of a day to come."""
    return at_wall_clock(due_on - AHEAD, CLOCK)


def overdue_at(due_on: date) -> datetime:
    """When its owner is told that the day has passed: on the first working day after it."""
    return at_wall_clock(next_working_day(due_on), CLOCK)
