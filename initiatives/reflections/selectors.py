"""Reading reflections, from the acting organisation's side. None that was taken back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Max, Q, QuerySet
from django.http import Http404

from calendars.london import london_day, today
from initiatives.plans.models import Initiative, LineKind, LineState, PlanLine, Stage
from initiatives.reflections.models import Occasion, Reflection
from initiatives.reflections.terms import TermNow, term_of
from organisations.actor import Actor
from partnerships.diary.school_terms import school_terms
from partnerships.record.models import Partnership

PAGE = 25
# What began later than this before the end of a term is too young to look back on.
OLD_ENOUGH = timedelta(days=28)


def reflections_of(actor: Actor, initiative: Initiative, page: Any = 1) -> Page[Any]:
    """One page of 25 of an initiative's reflections, the latest first."""
    found: Page[Any] = Paginator(_shown(actor, initiative), PAGE).get_page(page)
    return found


def latest_of(actor: Actor, initiative: Initiative, limit: int) -> list[Reflection]:
    """The latest reflections on an initiative."""
    return list(_shown(actor, initiative)[:limit])


def reflection_of(actor: Actor, initiative: Initiative, ref: str) -> Reflection:
    """One reflection; raises Http404 unless the actor may see it."""
    rows = Reflection.objects.filter(ref=ref, initiative=initiative, acl__overlap=[actor.key])
    found = rows.select_related("author_organisation", "milestone").first()
    if found is None:
        raise Http404("no such reflection")
    found.initiative = initiative
    return found


def reflected_on(actor: Actor, initiative_ids: Collection[int]) -> set[int]:
    """Which of some initiatives somebody has reflected on."""
    rows = Reflection.objects.filter(
        initiative__in=initiative_ids, acl__overlap=[actor.key], withdrawn_at=None
    )
    return set(rows.order_by().values_list("initiative_id", flat=True).distinct())


def milestones_of(actor: Actor, initiative: Initiative) -> list[PlanLine]:
    """The milestones that were reached or whose day has come."""
    rows = PlanLine.objects.filter(
        initiative=initiative, acl__overlap=[actor.key], kind=LineKind.MILESTONE
    ).exclude(state=LineState.DROPPED)
    return list(rows.filter(Q(state=LineState.DONE) | Q(due_on__lte=today())))


def term_for(actor: Actor, partnership: Partnership) -> TermNow:
    """The term that is, or was last, as the schools of a partnership name it."""
    day = today()
    return term_of(day, school_terms(actor, {partnership.ref}, {day}).of(partnership.ref))


def to_reflect_on(actor: Actor, limit: int) -> list[tuple[Initiative, TermNow]]:
    """What the acting organisation looks after, that runs, and of which nobody there has said how
    the term went, from a fortnight before its end. A fixed number of statements."""
    day = today()
    rows = list(
        Initiative.objects.filter(
            acl__overlap=[actor.key],
            organisation=actor.organisation_id,
            stage=Stage.RUNNING,
            withdrawn_at=None,
            partnership__closed_at=None,
            starts_on__lte=day,
        )
        .select_related("partnership", "organisation")
        .annotate(
            last_reflected=Max(
                "reflections__created_at",
                filter=_by_us(actor),
            )
        )
        .order_by("starts_on", "pk")
    )
    terms = school_terms(actor, {each.partnership.ref for each in rows}, {day})
    found: list[tuple[Initiative, TermNow]] = []
    for each in rows:
        term = term_of(day, terms.of(each.partnership.ref))
        last = each.last_reflected
        said = last is not None and london_day(last) >= term.start
        assert each.starts_on is not None
        if term.asks(day) and not said and each.starts_on <= term.end - OLD_ENOUGH:
            found.append((each, term))
    return found[:limit]


def _by_us(actor: Actor) -> Q:
    return Q(
        reflections__author_organisation=actor.organisation_id,
        reflections__withdrawn_at=None,
        reflections__occasion__in=[Occasion.TERM, Occasion.CLOSING],
    )


def _shown(actor: Actor, initiative: Initiative) -> QuerySet[Reflection]:
    return (
        Reflection.objects.filter(
            initiative=initiative, acl__overlap=[actor.key], withdrawn_at=None
        )
        .select_related("author_organisation", "milestone", "win")
        .order_by("-created_at", "-id")
    )
