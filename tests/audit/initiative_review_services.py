"""How each service about reviews of initiatives is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from calendars.london import today
from initiatives.plans.models import Initiative, InitiativeGrant
from initiatives.review.models import ReviewRequest
from initiatives.review.services import ask_organisation, ask_person
from organisations.actor import Actor
from tests.cast import Cast
from tests.plans.arranging import started
from tests.record.arranging import acting_as, shared

Call = tuple[Actor, dict[str, Any]]
R = "initiatives.review."


def one(cast: Cast) -> Initiative:
    return started(cast.school_editor, shared(cast))


def soon() -> dict[str, Any]:
    return {"due_on": today() + timedelta(days=20), "message": "Look at the rooms"}


def asking(cast: Cast) -> Call:
    given = {"organisation": cast.organisation("health"), **soon()}
    return cast.school_editor, {"initiative": one(cast), **given}


def asking_a_person(cast: Cast) -> Call:
    given = {
        "email": cast.users["nobody"].email,
        "last_day": today() + timedelta(days=40),
        **soon(),
    }
    return cast.school_manager, {"initiative": one(cast), **given}


def asked(cast: Cast) -> ReviewRequest:
    by, given = asking(cast)
    with acting_as(by):
        return ask_organisation(by=by, **given)


def giving(cast: Cast) -> Call:
    given = {"user": cast.users["nobody"], "last_day": today() + timedelta(days=9)}
    return cast.school_manager, {"initiative": one(cast), **given}


def ending(cast: Cast) -> Call:
    by, given = asking_a_person(cast)
    with acting_as(by):
        ask_person(by=by, **given)
        grant = InitiativeGrant.objects.select_related("user").get()
    grant.content_object = given["initiative"]
    return by, {"grant": grant}


def commenting(cast: Cast) -> Call:
    given = {"section": "aim", "text": "For whom?", "revision": 1}
    return cast.health_editor, {"initiative": one(cast), **given}


def answering(cast: Cast) -> Call:
    given = {"kind": "changes", "words": "Name a lead", "revision": 1}
    return cast.health_editor, {"request": asked(cast), **given}


REVIEWS_OF_INITIATIVES: dict[str, Callable[[Cast], Call]] = {
    f"{R}services.ask_organisation": asking,
    f"{R}services.ask_person": asking_a_person,
    f"{R}services.withdraw_request": lambda cast: (cast.school_editor, {"request": asked(cast)}),
    f"{R}services.acknowledge_requests": lambda cast: (
        cast.health_editor,
        {"requests": [asked(cast)]},
    ),
    f"{R}services.comment_on_initiative": commenting,
    f"{R}services.answer_request": answering,
    f"{R}access.give_access": giving,
    f"{R}access.end_access": ending,
}
