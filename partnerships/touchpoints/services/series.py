"""Planning a series: the rule is kept, and each of its dates is a touchpoint."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from calendars.london import day_in_words, london_day
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.touchpoints import announcements, attendees, series_announcements
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries, TouchpointState
from partnerships.touchpoints.plans import checked_plan
from partnerships.touchpoints.series_plans import MOST_OF_A_SERIES, Dated, SeriesPlan


@transaction.atomic
def schedule_series(
    *, by: Actor, partnership: Partnership, plan: SeriesPlan, dates: Mapping[str, Dated]
) -> TouchpointSeries:
    """Keep a series and schedule its dates: all of them, or none.

    `dates` under the names by which a refusal speaks of them; what the rule gives and is not among
    them stays left out. Each person is told once of them all. Raises ValidationError, keyed by the
    name of the date that cannot be.
    """
    permissions.require(by, Permission.SCHEDULE_TOUCHPOINT, partnership)
    if not 0 < len(dates) <= MOST_OF_A_SERIES:
        raise ValidationError(f"Schedule between 1 and {MOST_OF_A_SERIES} touchpoints at once")
    if len({dated.ideal for dated in dates.values()}) < len(dates):
        raise ValidationError("Two dates stand for the same day of the rule. Work them out again")
    assert by.organisation_id is not None
    series = TouchpointSeries.objects.create(
        partnership=partnership,
        author_organisation_id=by.organisation_id,
        author_id=by.user_id,
        **plan.fields(),
    )
    audit.record("series scheduled", by=by, obj=series, changes={"dates": [0, len(dates)]})
    add_dates(by, series, plan, dates)
    series_announcements.announce(by=by, series=series)
    return series


def add_dates(
    by: Actor, series: TouchpointSeries, plan: SeriesPlan, dates: Mapping[str, Dated]
) -> list[Touchpoint]:
    """Schedule dates of a series that is kept already, with what each asks the outbox for.

    Raises ValidationError, keyed by the name of the date that cannot be.
    """
    moments = {name: _moment(name, plan, dated) for name, dated in dates.items()}
    _refuse_repeats(by, series, plan, moments)
    made = Touchpoint.objects.bulk_create(
        Touchpoint(
            partnership=series.partnership,
            author_organisation_id=series.author_organisation_id,
            author_id=by.user_id,
            series=series,
            ideal_on=dated.ideal,
            kind=plan.kind,
            starts_at=moments[name],
            minutes=plan.minutes,
            venue=plan.venue,
            agenda=plan.agenda,
            reminder_minutes=plan.reminder_minutes,
        )
        for name, dated in dates.items()
    )
    attendees.follow_contacts(series.partnership, made)
    for touchpoint in made:
        audit.record(
            "touchpoint scheduled",
            by=by,
            obj=touchpoint,
            changes={"starts_at": [None, touchpoint.starts_at.isoformat()]},
        )
        announcements.announce(by=by, touchpoint=touchpoint)
    return made


def _moment(name: str, plan: SeriesPlan, dated: Dated) -> datetime:
    """When a date begins."""
    try:
        return checked_plan(date=dated.day, **plan.of_each()).starts_at
    except ValidationError as refusal:
        words = f"{day_in_words(dated.day)}: {' '.join(refusal.messages)}"
        raise ValidationError({name: words}) from refusal


def _refuse_repeats(
    by: Actor, series: TouchpointSeries, plan: SeriesPlan, moments: Mapping[str, datetime]
) -> None:
    """Going back in the browser shows the plan again in a new form, which its key cannot tell."""
    there = set(
        Touchpoint.objects.filter(
            partnership=series.partnership,
            author_organisation_id=by.organisation_id,
            kind=plan.kind,
            starts_at__in=moments.values(),
            state=TouchpointState.SCHEDULED,
        ).values_list("starts_at", flat=True)
    )
    for name, moment in moments.items():
        if moment in there:
            words = "You have scheduled this sort of touchpoint for this time already"
            raise ValidationError({name: f"{day_in_words(london_day(moment))}: {words}"})
        there.add(moment)
