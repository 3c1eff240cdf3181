"""Series of a scene's partnership, planned through the services."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.record.models import Partnership
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries
from partnerships.touchpoints.series_plans import Dated, SeriesPlan, checked_series
from partnerships.touchpoints.services import schedule_series
from tests.touchpoints.scene import CLOCK

# The first of five Wednesdays in term that suit everyone; a holiday follows.
FIRST = date(2027, 2, 24)


def series_plan(**more: Any) -> SeriesPlan:
    """A plan of a series that nothing is wrong with, but for what the test changes."""
    return checked_series(
        **{
            "kind": "update",
            "every": "week",
            "first_on": FIRST,
            "last_on": FIRST + timedelta(weeks=3, days=2),
            "at": CLOCK,
            **more,
        }
    )


def weekly(number: int, first: date = FIRST) -> dict[str, Dated]:
    """So many dates a week apart, each on the rule's day."""
    days = [first + timedelta(weeks=n) for n in range(number)]
    return {f"day_{n}": Dated(day, day) for n, day in enumerate(days, start=1)}


def plan_series(
    by: Actor, partnership: Partnership, *, number: int = 4, first: date = FIRST, **more: Any
) -> TouchpointSeries:
    """A weekly series in a committed transaction."""
    plan = series_plan(first_on=first, last_on=first + timedelta(weeks=number - 1, days=2), **more)
    with acting(by.scope), transaction.atomic():
        return schedule_series(
            by=by, partnership=partnership, plan=plan, dates=weekly(number, first)
        )


def dates_of(by: Actor, series: TouchpointSeries) -> list[Touchpoint]:
    """The dates of a series as one of its members sees them, in order."""
    with acting(by.scope), transaction.atomic():
        return list(
            Touchpoint.objects.filter(series_id=series.pk)
            .select_related("partnership", "series")
            .order_by("starts_at", "pk")
        )
