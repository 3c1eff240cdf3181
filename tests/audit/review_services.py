"""How each service about reviews is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from calendars.london import today
from organisations.actor import Actor
from partnerships.reviews.questions import keys_of
from partnerships.reviews.services import answer_review, open_review
from tests.cast import Cast
from tests.record.arranging import acting_as, shared

Call = tuple[Actor, dict[str, Any]]
G = "partnerships.reviews.services."
ANSWERS = dict.fromkeys(keys_of("pulse"), "3")


def opening(cast: Cast) -> Call:
    new = {"kind": "pulse", "closes_on": today() + timedelta(days=21)}
    return cast.school_editor, {"partnership": shared(cast), **new}


def of_one(cast: Cast, **more: Any) -> Call:
    by, given = opening(cast)
    with acting_as(by):
        return by, {"review": open_review(by=by, **given), **more}


def closing(cast: Cast) -> Call:
    by, given = of_one(cast)
    for each in (by, cast.health_editor):
        with acting_as(each):
            answer_review(by=each, review=given["review"], answers=ANSWERS)
    return by, given


REVIEWS: dict[str, Callable[[Cast], Call]] = {
    f"{G}open_review": opening,
    f"{G}answer_review": lambda cast: of_one(cast, answers=ANSWERS),
    f"{G}close_review": closing,
}
