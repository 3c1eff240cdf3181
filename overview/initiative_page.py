"""The page of one initiative, composed from its plan and what is below it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from markupsafe import Markup

from calendars.london import today
from frontend.components import Component
from frontend.lists import Row, summary_list
from initiatives.plans import presenters, selectors
from initiatives.plans.models import Initiative
from initiatives.reflections import selectors as reflections
from initiatives.reflections.models import Reflection
from initiatives.review import presenters as review_words
from initiatives.review import selectors as reviews
from initiatives.sessions.presenters import in_short
from initiatives.sessions.selectors import summary_of
from organisations import audit
from organisations.actor import ActingRequest, Actor
from organisations.addresses import page_of
from organisations.permissions import Permission, can
from overview.initiative_parts import measures_table
from partnerships.agreements.selectors import shares_data
from partnerships.record.selectors import partnership_of

MOST_REFLECTIONS = 2


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page."""

    status: Component
    facts: Component
    plan: list[tuple[str, str, Component | None]]
    sessions: Markup | None
    decision_due: bool
    measures: Component | None
    shares: bool
    reviews: list[str]
    may_ask: bool
    reflections: list[Reflection]
    may_reflect: bool
    may_change: bool
    may_copy: bool
    may_withdraw: bool


@require_safe
def initiative(request: ActingRequest, ref: str, initiative: str) -> HttpResponse:
    """One initiative: what it is, who leads it, its plan. A look by others is audited."""
    actor = request.actor
    partnership = partnership_of(actor, ref)
    found = selectors.initiative_of(actor, partnership, initiative)
    if found.organisation_id != actor.organisation_id:
        audit.record("initiative seen", by=actor, obj=found)
    context = {"partnership": partnership, "initiative": found, "page": compose(actor, found)}
    return render(request, "overview/initiative.jinja", context)


def compose(actor: Actor, initiative: Initiative) -> Page:
    """Read it all; a fixed number of statements, whatever the initiative holds."""
    may_change = can(actor, Permission.CHANGE_INITIATIVE, initiative)
    plan = selectors.plan_of(actor, initiative)
    schools = selectors.schools_at(initiative)
    changes = _changes(actor, initiative) if may_change else {}
    return Page(
        status=presenters.stage_tag(initiative),
        facts=summary_list(
            [
                Row(name, words, change=page or None, empty=_nothing(name))
                for name, words, page in presenters.facts(initiative, schools, changes)
            ]
        ),
        plan=presenters.plan_tables(actor, initiative, plan, may_change=may_change),
        sessions=in_short(summary_of(actor, initiative)),
        decision_due=initiative.decision_is_due(today()),
        measures=measures_table(actor, initiative),
        shares=shares_data(actor, initiative.partnership, today()),
        reviews=review_words.state_words(reviews.state_of(actor, initiative)),
        may_ask=can(actor, Permission.ASK_FOR_REVIEW, initiative),
        reflections=reflections.latest_of(actor, initiative, MOST_REFLECTIONS),
        may_reflect=can(actor, Permission.REFLECT, initiative),
        may_change=may_change,
        may_copy=can(actor, Permission.START_INITIATIVE, initiative.partnership)
        and initiative.withdrawn_at is None,
        may_withdraw=can(actor, Permission.WITHDRAW_INITIATIVE, initiative),
    )


def _changes(actor: Actor, initiative: Initiative) -> dict[str, str]:
    """Where the facts with a page of their own are changed."""
    this = {"ref": initiative.partnership.ref, "initiative": initiative.ref}
    return {"decision": page_of(actor, "decide-on-pilot", **this)} | {
        side.value: page_of(actor, "name-lead", side=side.value, **this)
        for side in presenters.SIDES
    }


def _nothing(name: str) -> str:
    return "Nobody yet" if name.startswith("Leads") else "Not said yet"
