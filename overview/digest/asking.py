"""Asking for summaries: every Monday at 7:30am, or every working day, by London clocks.

The clock calls this often. A summary has a key of its week or day, so asking again, from two
clocks or after an outage, changes nothing; one that would come a day late is not asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from calendars.london import at_wall_clock, in_london
from organisations.models import Choice
from organisations.outbox import wake_on_commit

AT = time(7, 30)
TOO_LATE = timedelta(days=1)
MONDAY, FRIDAY = 0, 4


@dataclass(frozen=True, slots=True)
class Round:
    """One summary of everybody who wants it so often: what it is known by, and its two ends."""

    often: Choice
    key: str
    since: datetime
    due: datetime


def ask_digests(now: datetime | None = None) -> int:
    """Ask for what is due today; says how many are new. Two statements at most."""
    asked = 0
    for each in rounds_of(now or timezone.now()):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT tandem.ask_digests(%s, %s, %s, %s)",
                [each.often, each.key, each.since, each.due],
            )
            number = int(cursor.fetchone()[0])
            if number:
                wake_on_commit()
        asked += number
    return asked


def rounds_of(now: datetime) -> list[Round]:
    """The rounds that are due now, and not for too long."""
    day = in_london(now).date()
    return [
        each
        for each in (_weekly(day - timedelta(days=day.weekday())), *_daily(day))
        if each.due <= now < each.due + TOO_LATE
    ]


def _weekly(monday: date) -> Round:
    year, week, _ = monday.isocalendar()
    before = at_wall_clock(monday - timedelta(days=7), AT)
    return Round(Choice.WEEKLY, f"w{year}-{week:02}", before, at_wall_clock(monday, AT))


def _daily(day: date) -> list[Round]:
    if day.weekday() > FRIDAY:
        return []
    before = day - timedelta(days=3 if day.weekday() == MONDAY else 1)
    key = f"d{day.isoformat()}"
    return [Round(Choice.DAILY, key, at_wall_clock(before, AT), at_wall_clock(day, AT))]
