"""The plan of a series: the rule by which its dates come round, and what they share.

Pure: nothing here reads or writes the database. Days and times are London's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from calendars.london import day_in_words, time_in_words, today
from calendars.rules_in_words import rule_in_words
from calendars.series import Every, SeriesError, rule_parts
from partnerships.touchpoints.models import OnClash, TouchpointKind, TouchpointSeries
from partnerships.touchpoints.models.series import A_DAY
from partnerships.touchpoints.plans import (
    LONGEST,
    SHORTEST,
    YEARS_AHEAD,
    checked_reminders,
    years_after,
)

MOST_OF_A_SERIES = 60
_DAYS_OF_A_WEEK = 7
# What a change of it moves dates by; the rest says what each of them is like.
RULE = ("every", "rrule", "weekday", "on_clash")


class Dated(NamedTuple):
    """One date of a series: the day that the rule gives, and the day on which people meet."""

    ideal: date
    day: date


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """A rule, and what each date of it starts out with."""

    kind: str
    every: str
    rrule: str
    weekday: int | None
    first_on: date
    last_on: date
    at: time
    minutes: int
    venue: str
    agenda: str
    on_clash: str
    reminder_minutes: list[int]

    @property
    def rule(self) -> Every | str:
        """The rule as `calendars.series` takes it."""
        return Every(self.every) if self.every else self.rrule

    def of_each(self) -> dict[str, Any]:
        """What `checked_plan` takes, but for the day."""
        return {
            "kind": self.kind,
            "time": self.at,
            "minutes": self.minutes,
            "venue": self.venue,
            "agenda": self.agenda,
        }

    def fields(self) -> dict[str, Any]:
        """What is kept of it, by name."""
        return {name: getattr(self, name) for name in SeriesPlan.__dataclass_fields__}


def plan_of(series: TouchpointSeries) -> SeriesPlan:
    """The plan of a series as it is kept."""
    return SeriesPlan(**{name: getattr(series, name) for name in SeriesPlan.__dataclass_fields__})


def checked_series(
    *,
    kind: str,
    every: str,
    first_on: date,
    last_on: date,
    at: time,
    minutes: int = 30,
    rrule: str = "",
    weekday: int | None = None,
    venue: str = "",
    agenda: str = "",
    on_clash: str = OnClash.MOVE,
    reminder_minutes: Collection[int] = (A_DAY,),
) -> SeriesPlan:
    """The plan of a series, in order.

    Raises ValidationError, keyed by field: an unknown kind, no rule or one that is not understood,
    days in the wrong order or out of reach, an odd length, other reminders than those offered.
    Whether it gives any date, and whether its time exists on each, is found out with the dates.
    """
    problems: dict[str, str] = {}
    if kind not in TouchpointKind.values:
        problems["kind"] = "Choose what sort of touchpoint it is"
    rrule = rrule.strip().upper().removeprefix("RRULE:")
    if every:
        rrule = ""
        if every not in set(Every):
            problems["every"] = "Choose how often"
    else:
        problems |= _no_rule(rrule)
    if weekday is not None and not 0 <= weekday < _DAYS_OF_A_WEEK:
        problems["weekday"] = "Choose a weekday"
    if last_on < first_on:
        problems["last_on"] = "The last day must be the first day or later"
    elif last_on > years_after(today(), YEARS_AHEAD):
        problems["last_on"] = f"The last day must be within the next {YEARS_AHEAD} years"
    if not SHORTEST <= minutes <= LONGEST:
        problems["minutes"] = f"Each must take between {SHORTEST} minutes and {LONGEST // 60} hours"
    if on_clash not in OnClash.values:
        problems["on_clash"] = "Choose what happens on a day that does not suit"
    if problems:
        raise ValidationError(problems)
    return SeriesPlan(
        kind=kind,
        every=str(every),
        rrule=rrule,
        # A rule of one's own names its days itself.
        weekday=weekday if every else None,
        first_on=first_on,
        last_on=last_on,
        at=at,
        minutes=minutes,
        venue=" ".join(venue.split()),
        agenda=agenda.strip(),
        on_clash=str(on_clash),
        reminder_minutes=checked_reminders(reminder_minutes),
    )


def _no_rule(rrule: str) -> dict[str, str]:
    if not rrule:
        return {"every": "Choose how often"}
    try:
        rule_parts(rrule)
    except SeriesError as problem:
        return {"rrule": str(problem)}
    return {}


def series_in_words(plan: SeriesPlan | TouchpointSeries) -> str:
    """How often, on which days, at what time and until when."""
    rule = Every(plan.every) if plan.every else plan.rrule
    often = rule_in_words(rule, plan.first_on, plan.weekday)
    return f"{often} at {time_in_words(plan.at)}, until {day_in_words(plan.last_on)}"
