"""What a reviewer reads of an initiative's sessions and measures, beside its plan.

Somebody who was asked by name sees when and what, and no figure of people: they are no member of
the partnership, whose data sharing agreement does not cover them.
"""

from __future__ import annotations

from markupsafe import Markup

from calendars.london import today
from frontend.components import Component, table
from initiatives.measures import presenters as measure_words
from initiatives.measures import selectors as measures
from initiatives.plans.models import Initiative
from initiatives.review import parts
from initiatives.review.models import Section
from initiatives.sessions import presenters as session_words
from initiatives.sessions.selectors import coming_of, summary_of
from organisations.actor import Actor
from partnerships.agreements.selectors import shares_data
from partnerships.diary.school_terms import school_terms

MOST_COMING = 5


def register() -> None:
    """Put sessions and measures on the page of a review."""
    parts.register(Section.SESSIONS, sessions_in_short)
    parts.register(Section.MEASURES, measures_in_short)


def sessions_in_short(actor: Actor, initiative: Initiative) -> Markup | None:
    """How many were held and are to come, and the next of them; four statements at most."""
    said = session_words.in_short(summary_of(actor, initiative))
    if said is None:
        return None
    coming = coming_of(actor, initiative)[:MOST_COMING] if actor.organisation_id else []
    if not coming:
        return said
    return Markup("{}{}").format(said, session_words.sessions_table(actor, coming))


def measures_in_short(actor: Actor, initiative: Initiative) -> Component | Markup | None:
    """What is measured; for a member with the figures that it may know. Four statements at most."""
    if actor.organisation_id is None:
        return _definitions(actor, initiative)
    told = measures_table(actor, initiative)
    if told is None:
        return None
    if shares_data(actor, initiative.partnership, today()):
        return told
    return Markup("<p>{}</p>{}").format(
        "No data sharing agreement is in force, so you see only the figures that you measured.",
        told,
    )


def measures_table(actor: Actor, initiative: Initiative) -> Component | None:
    """Its measures with their first and latest readings, as far as this member may know them."""
    told = measures.measures_of(actor, initiative)
    if not told:
        return None
    days = {day for each in told for day in measure_words.periods_in(each)}
    ref = initiative.partnership.ref
    terms = school_terms(actor, {ref}, days or {today()}).of(ref)
    return measure_words.measures_table(actor, told, terms)


def _definitions(actor: Actor, initiative: Initiative) -> Component | None:
    rows = measures.definitions_of(actor, initiative)
    if not rows:
        return None
    return table(
        ["Measure", "Measured by", "What is counted", "Read each"],
        [
            [
                each.name,
                each.organisation.name,
                each.numerator,
                each.get_period_display().lower(),
            ]
            for each in rows
        ],
    )
