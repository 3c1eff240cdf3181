"""What the page of a review says of the sessions and the measures of an initiative.

To a person with a personal grant too: they read the words without links, since the pages behind
them are those of members.
"""

from __future__ import annotations

from markupsafe import Markup

from frontend.components import Component
from initiatives.measures import presenters as measure_words
from initiatives.measures import selectors as measures
from initiatives.plans.models import Initiative
from initiatives.review import parts
from initiatives.review.models import Section
from initiatives.sessions.presenters import in_short
from initiatives.sessions.selectors import summary_of
from organisations.actor import Actor
from partnerships.diary.school_terms import school_terms


def measures_in_short(actor: Actor, initiative: Initiative) -> Component | None:
    """Its measures with their first and latest readings, as far as this reader may know them."""
    told = measures.measures_of(actor, initiative)
    if not told:
        return None
    days = {day for each in told for day in measure_words.periods_in(each)}
    refs = {initiative.partnership.ref} if actor.organisation is not None else set()
    found = school_terms(actor, refs, days)
    terms = found.of(next(iter(refs), ""))
    return measure_words.measures_table(actor, told, terms)


def sessions_in_short(actor: Actor, initiative: Initiative) -> Markup | None:
    """How many sessions there were and will be, and who came, as far as this reader may know."""
    return in_short(summary_of(actor, initiative))


def register() -> None:
    """Put them into the page of a review."""
    parts.register(Section.SESSIONS, sessions_in_short)
    parts.register(Section.MEASURES, measures_in_short)
