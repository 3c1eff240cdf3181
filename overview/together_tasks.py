"""What initiatives ask of somebody today, as lines of home."""

from __future__ import annotations

from frontend.components import tag
from frontend.wording import date_words
from initiatives.measures.due import Due, readings_due
from initiatives.measures.presenters import address as measure_page
from initiatives.plans import selectors as initiatives
from initiatives.plans.models import Initiative
from initiatives.plans.presenters import address as initiative_page
from initiatives.reflections import selectors as reflections
from initiatives.reflections.terms import TermNow
from initiatives.review import presenters as review_words
from initiatives.review.models import ReviewRequest
from initiatives.review.queue import waiting_for_me
from initiatives.sessions.models import Session
from initiatives.sessions.presenters import address as session_page
from initiatives.sessions.presenters import when_words
from initiatives.sessions.selectors import lacking_numbers
from organisations.actor import Actor
from organisations.addresses import page_of
from overview.partnership_list import Line


def to_review(actor: Actor, limit: int) -> list[Line]:
    """Initiatives that our organisation is asked to review, the longest waiting first."""
    return [_review(actor, each) for each in waiting_for_me(actor, limit)]


def to_run(actor: Actor, limit: int) -> list[Line]:
    """Sessions without their numbers, late readings, pilots to decide on, terms to look back on."""
    return [
        *(_session(actor, each) for each in lacking_numbers(actor, limit)),
        *(_reading(actor, each) for each in readings_due(actor, limit)),
        *(_decide(actor, each) for each in initiatives.to_decide(actor, limit)),
        *(_reflect(actor, *each) for each in reflections.to_reflect_on(actor, limit)),
    ]


def _review(actor: Actor, request: ReviewRequest) -> Line:
    initiative = request.initiative
    return Line(
        f"Review: {initiative.name}",
        review_words.address(actor, initiative),
        f"Asked by {request.author_organisation.name}, {initiative.partnership.name}. "
        f"Answer by {date_words(request.due_on)}",
        tag("Overdue", "red") if request.is_overdue else tag("To review", "blue"),
    )


def _session(actor: Actor, session: Session) -> Line:
    return Line(
        f"Record who came: {session}",
        session_page(actor, session, "record-session"),
        f"{session.initiative.name}. {when_words(session)}",
        tag("Numbers needed", "yellow"),
    )


def _reading(actor: Actor, due: Due) -> Line:
    """A reading that only its owner can enter."""
    return Line(
        f"Enter a reading: {due.measure.name}",
        measure_page(actor, due.measure, "record-reading"),
        f"{due.measure.initiative.name}. {due.span.name}",
        tag("Reading needed", "yellow"),
    )


def _decide(actor: Actor, initiative: Initiative) -> Line:
    """A pilot that we look after and whose day to decide has come."""
    return Line(
        f"Decide on the pilot: {initiative.name}",
        initiative_page(actor, initiative),
        f"{initiative.partnership.name}. By {date_words(initiative.decide_on)}",
        tag("Decision due", "red"),
    )


def _reflect(actor: Actor, initiative: Initiative, term: TermNow) -> Line:
    place = {"ref": initiative.partnership.ref, "initiative": initiative.ref}
    return Line(
        f"Reflect on {initiative.name}",
        page_of(actor, "reflect", **place),
        f"{initiative.partnership.name}. {term.words}",
        tag("To reflect on", "blue"),
    )
