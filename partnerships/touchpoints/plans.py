"""The plan of a touchpoint: what it may hold.

Pure: nothing here reads or writes the database. Days and times are London's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from calendars.london import WallClockError, at_wall_clock, london_day
from partnerships.touchpoints.models import TouchpointKind
from partnerships.touchpoints.models.series import A_DAY

SHORTEST, LONGEST = 5, 480
YEARS_AHEAD = 3
# How long before a touchpoint people can be reminded, in minutes.
REMINDERS = {
    7 * A_DAY: "A week before",
    2 * A_DAY: "2 days before",
    A_DAY: "The day before",
    120: "2 hours before",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned: `starts_at` in UTC, `minutes` long."""

    kind: str
    starts_at: datetime
    minutes: int
    venue: str = ""
    agenda: str = ""

    @property
    def ends_at(self) -> datetime:
        """When it is planned to end."""
        return self.starts_at + timedelta(minutes=self.minutes)


def checked_reminders(minutes: Collection[int]) -> list[int]:
    """When people are reminded, the longest before first; none is a choice too.

    Raises ValidationError for other times than those offered.
    """
    if not REMINDERS.keys() >= set(minutes):
        raise ValidationError({"reminder_minutes": "Choose from the reminders that are offered"})
    return sorted(set(minutes), reverse=True)


def reminders_in_words(minutes: Collection[int]) -> str:
    """When people are reminded, within a sentence.

    >>> reminders_in_words([120, 1440])
    'the day before and 2 hours before'
    >>> reminders_in_words([])
    ''
    """
    words = [
        REMINDERS.get(each, f"{each} minutes before").lower()
        for each in sorted(minutes, reverse=True)
    ]
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def checked_plan(
    *, kind: str, date: date, time: time, minutes: int, venue: str = "", agenda: str = ""
) -> Plan:
    """The plan for a London day and clock time.

    Raises ValidationError, keyed by field: a time that has passed, lies more than three years
    ahead, does not exist or happens twice (the nights the clocks change); an odd length or an
    unknown kind.
    """
    problems: dict[str, str] = {}
    if kind not in TouchpointKind.values:
        problems["kind"] = "Choose what sort of touchpoint it is"
    if not SHORTEST <= minutes <= LONGEST:
        problems["minutes"] = f"It must take between {SHORTEST} minutes and {LONGEST // 60} hours"
    starts_at: datetime | None = None
    try:
        starts_at = at_wall_clock(date, time)
    except WallClockError as problem:
        problems["time"] = str(problem)
    if starts_at is not None:
        problems |= _out_of_reach(date, starts_at)
    if problems or starts_at is None:
        raise ValidationError(problems)
    return Plan(kind, starts_at, minutes, " ".join(venue.split()), agenda.strip())


def _out_of_reach(day: date, starts_at: datetime) -> dict[str, str]:
    now = timezone.now()
    if starts_at <= now:
        if day == london_day(now):
            return {"time": "The time must be later than now"}
        return {
            "date": "The date must be in the future. To note a past meeting, log a conversation"
        }
    if london_day(starts_at) > years_after(london_day(now), YEARS_AHEAD):
        return {"date": f"The date must be within the next {YEARS_AHEAD} years"}
    return {}


def years_after(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
