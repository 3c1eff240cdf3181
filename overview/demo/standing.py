"""Who and when in the demonstration: the organisations of the story, and days that suit."""

from __future__ import annotations

from datetime import date, timedelta

from calendars.terms import is_school_day
from calendars.working_days import previous_working_day
from organisations.actor import Actor
from organisations.models import Organisation
from overview.demo import story


def organisation(part: str) -> Organisation:
    """The real organisation that plays a part."""
    kind, code = story.ORGANISATIONS[part]
    return Organisation.objects.get(kind=kind, code=code)


def own_organisation(actor: Actor) -> Organisation:
    """The organisation that someone of the story acts for."""
    assert actor.organisation is not None
    return Organisation.objects.get(pk=actor.organisation.id)


def working_day_near(day: date) -> date:
    """The day itself, or the last working day before it."""
    return previous_working_day(day + timedelta(days=1))


def school_day_from(day: date) -> date:
    """The day itself, or the first day after it on which schools are open."""
    while not is_school_day(day):
        day += timedelta(days=1)
    return day
