"""How each service about who comes to a touchpoint is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

from django.utils import timezone

from contacts.services import record_posting
from organisations.actor import Actor
from partnerships.touchpoints.models import Attendee, Proposal, Touchpoint
from partnerships.touchpoints.services import add_paper, propose_time, schedule_touchpoint
from tests.cast import Cast
from tests.record.arranging import acting_as, named, shared

Call = tuple[Actor, dict[str, Any]]
T = "partnerships.touchpoints.services."


def coming(cast: Cast) -> Touchpoint:
    """A touchpoint to which a contact of the NHS trust is invited."""
    partnership = shared(cast)
    named(cast, partnership, by="health_editor")
    with acting_as(cast.school_editor) as by:
        return schedule_touchpoint(
            by=by,
            partnership=partnership,
            kind="update",
            date=timezone.localdate() + timedelta(days=30),
            time=timezone.localtime().replace(hour=9, minute=30).time(),
        )


def answering(cast: Cast) -> Call:
    touchpoint = coming(cast)
    with acting_as(cast.health_editor) as by:
        row = Attendee.objects.get(touchpoint=touchpoint)
    return by, {"attendee": row, "answer": "accepted"}


def inviting(cast: Cast) -> Call:
    touchpoint = coming(cast)
    with acting_as(cast.school_editor) as by:
        posting = record_posting(
            by=by,
            organisation=cast.organisation("school"),
            name="School colleague",
            job_title="Teacher",
            email="colleague@school.example",
        )
    return by, {"touchpoint": touchpoint, "postings": [posting]}


def taking_off(cast: Cast) -> Call:
    touchpoint = coming(cast)
    with acting_as(cast.school_editor) as by:
        row = Attendee.objects.select_related("touchpoint").get(touchpoint=touchpoint)
    return by, {"attendee": row}


TIME = {"date": timezone.localdate() + timedelta(days=31), "time": time(14, 0), "minutes": 30}


def proposing(cast: Cast) -> Call:
    return cast.health_editor, {"touchpoint": coming(cast), **TIME}


def proposed(cast: Cast) -> Proposal:
    by, given = proposing(cast)
    with acting_as(by):
        return propose_time(by=by, **given)


def removing_paper(cast: Cast) -> Call:
    touchpoint = coming(cast)
    with acting_as(cast.health_editor) as by:
        paper = add_paper(by=by, touchpoint=touchpoint, **PAPER)
    return by, {"paper": paper}


PAPER = {"title": "Last year in figures", "url": "https://papers.example/figures.pdf"}
ATTENDING: dict[str, Callable[[Cast], Call]] = {
    f"{T}answers.answer": answering,
    f"{T}attendance.invite_people": inviting,
    f"{T}attendance.take_off": taking_off,
    f"{T}papers.add_paper": lambda cast: (
        cast.health_editor,
        {"touchpoint": coming(cast), **PAPER},
    ),
    f"{T}papers.remove_paper": removing_paper,
    f"{T}proposals.propose_time": proposing,
    f"{T}proposals.accept_proposal": lambda cast: (
        cast.school_editor,
        {"proposal": proposed(cast)},
    ),
    f"{T}proposals.decline_proposal": lambda cast: (
        cast.school_editor,
        {"proposal": proposed(cast), "words": "The hall is taken."},
    ),
    f"{T}proposals.withdraw_proposal": lambda cast: (
        cast.health_editor,
        {"proposal": proposed(cast)},
    ),
}
