"""Readings that are late: periods that are over, of measures whose initiative runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q

from calendars.london import london_day, today
from initiatives.measures.models import Measure
from initiatives.measures.periods import Span, ended_periods
from initiatives.plans.models import Stage
from organisations.actor import Actor
from partnerships.diary.school_terms import school_terms

# No period is shorter than the days of February.
SHORTEST = timedelta(days=28)
# So many are looked at, those read longest ago first, to find the few that are asked for.
MOST_LOOKED_AT = 50
YEARS_OF_TERMS = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Due:
    """A measure and the last period that is over without a reading."""

    measure: Measure
    span: Span


def readings_due(actor: Actor, limit: int) -> list[Due]:
    """The late readings of the measures that a person owns, those read longest ago first.

    A period counts that was over after the measure was added. Three statements.
    """
    if actor.organisation_id is None:
        return []
    day = today()
    rows = (
        Measure.objects.filter(
            Q(read_until=None) | Q(read_until__lt=day - SHORTEST),
            organisation=actor.organisation_id,
            owner=actor.user_id,
            acl__overlap=[actor.key],
            withdrawn_at=None,
            initiative__stage=Stage.RUNNING,
            initiative__withdrawn_at=None,
            partnership__closed_at=None,
        )
        .select_related("initiative__partnership")
        .order_by(F("read_until").asc(nulls_first=True), "pk")
    )
    found = list(rows[:MOST_LOOKED_AT])
    refs = {each.initiative.partnership.ref for each in found}
    terms = school_terms(actor, refs, {day - YEARS_OF_TERMS, day})
    due = []
    for each in found:
        spans = ended_periods(each.period, day, terms.of(each.initiative.partnership.ref))
        read_until = each.read_until or london_day(each.created_at) - timedelta(days=1)
        if spans and spans[0].ends_on > read_until:
            due.append(Due(each, spans[0]))
    return due[:limit]
