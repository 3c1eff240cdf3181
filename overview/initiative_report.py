"""The report of one initiative: what it set out to do, what came of it, what was learned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calendars.london import today
from calendars.terms import place_in_years
from frontend.components import Component
from frontend.lists import Row, summary_list
from initiatives.measures import presenters as measure_words
from initiatives.measures import selectors as measures
from initiatives.plans import presenters, selectors
from initiatives.plans.models import Initiative, Stage
from initiatives.reflections import selectors as reflections
from initiatives.reflections.models import Reflection
from initiatives.review import presenters as review_words
from initiatives.review import selectors as reviews
from initiatives.sessions import presenters as session_words
from initiatives.sessions.selectors import Summary, summary_of
from organisations import audit
from organisations.actor import ActingRequest, Actor
from partnerships.agreements.selectors import shares_data
from partnerships.diary.school_terms import school_terms
from partnerships.record.selectors import partnership_of

MOST_REFLECTIONS = 50


@dataclass(frozen=True, slots=True)
class Report:
    """Everything in the report, as one reader may know it on a day."""

    title: str
    day: date
    status: Component
    facts: Component
    plan: list[tuple[str, str, Component | None]]
    sessions: Summary
    came: Component | None
    measures: Component | None
    findings: list[str]
    shares: bool
    reviews: list[str]
    reflections: list[Reflection]


@require_safe
def report(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """The closing report of a finished initiative; of another how it stands. A look by others is
    audited."""
    actor = request.actor
    partnership = partnership_of(actor, ref)
    found = selectors.initiative_of(actor, partnership, initiative)
    if found.organisation_id != actor.organisation_id:
        audit.record("initiative seen", by=actor, obj=found)
    context = {"partnership": partnership, "initiative": found, "report": compose(actor, found)}
    return render(request, "overview/initiative_report.jinja", context)


def compose(actor: Actor, initiative: Initiative) -> Report:
    """Read it all; a fixed number of statements. Figures are those of the initiative's own page."""
    day = today()
    summary = summary_of(actor, initiative)
    told = measures.measures_of(actor, initiative)
    days = {day for each in told for day in measure_words.periods_in(each)}
    partnership = initiative.partnership
    terms = school_terms(actor, {partnership.ref}, days or {day}).of(partnership.ref)
    facts = presenters.facts(initiative, selectors.schools_at(initiative), {})
    rows = [Row(name, words, empty="Not said") for name, words, _ in facts]
    rows += [
        Row(name, place_in_years(moment))
        for name, moment in (
            ("First day in both years", initiative.starts_on),
            ("Last day in both years", initiative.ends_on),
        )
        if moment is not None
    ]
    return Report(
        title="Closing report" if initiative.stage == Stage.FINISHED else "Report so far",
        day=day,
        status=presenters.stage_tag(initiative),
        facts=summary_list(rows),
        plan=presenters.plan_tables(
            actor, initiative, selectors.plan_of(actor, initiative), may_change=False
        ),
        sessions=summary,
        came=session_words.totals_table(summary.totals) if summary.totals else None,
        measures=measure_words.measures_table(actor, told, terms) if told else None,
        findings=[measure_words.finding(each, terms) for each in told if each.wholes],
        shares=shares_data(actor, partnership, day),
        reviews=review_words.state_words(reviews.state_of(actor, initiative)),
        reflections=reflections.latest_of(actor, initiative, MOST_REFLECTIONS),
    )
