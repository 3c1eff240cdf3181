"""How the demo's partners see their partnership: a full review that is closed, an open pulse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from calendars.london import today
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.record.models import Partnership
from partnerships.reviews.questions import keys_of
from partnerships.reviews.services import answer_review, close_review, open_review

# What each answered; 3 to everything that is not named. Illustration.
ANSWERS = {
    "school trust": {"C3": "1", "A4": "2", "L1": "2", "T1": "4"},
    "nhs lead": {"C3": "3", "L1": "3", "L3": "2", "T1": "4"},
    "public health": {"C3": "2", "A5": "4", "L1": "4", "L2": "na"},
}


def review(people: Mapping[str, Actor], hub: Partnership) -> None:
    """Three people answered the full review; nobody the pulse yet."""
    school = people["school trust"]
    closes_on = today() + timedelta(days=21)
    with acting(school.scope):
        full = open_review(by=school, partnership=hub, kind="full", closes_on=closes_on)
    for part, given in ANSWERS.items():
        by = people[part]
        answers = {**dict.fromkeys(keys_of("full"), "3"), **given}
        with acting(by.scope):
            answer_review(by=by, review=full, answers=answers)
    with acting(school.scope):
        close_review(by=school, review=full)
        open_review(by=school, partnership=hub, kind="pulse", closes_on=closes_on)
