"""Reviews for tests, each step as the people who ask and answer do it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from calendars.london import today
from initiatives.plans.models import Initiative
from initiatives.review import selectors, services
from initiatives.review.models import ReviewRequest, Verdict
from organisations.actor import Actor
from tests.plans.arranging import started
from tests.record.arranging import acting_as
from tests.touchpoints.scene import Scene

WORDS = "Please name a lead on the health side."


def soon(days: int = 21) -> date:
    """A day by which an answer is asked."""
    return today() + timedelta(days=days)


def planned(scene: Scene, part: str = "school_editor", **more: Any) -> Initiative:
    """An initiative of the scene's partnership."""
    return started(scene.cast.actors[part], scene.partnership, **more)


def now(by: Actor, initiative: Initiative) -> Initiative:
    """The initiative as somebody of a member sees it now."""
    with acting_as(by):
        return Initiative.objects.select_related("partnership", "organisation").get(
            pk=initiative.pk
        )


def asked(
    scene: Scene, initiative: Initiative, part: str = "school_editor", **more: Any
) -> ReviewRequest:
    """The NHS trust is asked for a review."""
    values = {"due_on": soon(), "message": "Can you host this?", **more}
    organisation = scene.cast.organisation(values.pop("organisation", "health"))
    with acting_as(scene.cast.actors[part]) as by:
        return services.ask_organisation(
            by=by, initiative=initiative, organisation=organisation, **values
        )


def person_asked(
    scene: Scene, initiative: Initiative, person: str = "nobody", **more: Any
) -> ReviewRequest:
    """Somebody without an organisation is asked, by a manager."""
    values = {
        "email": scene.cast.users[person].email,
        "due_on": soon(),
        "last_day": soon(42),
        "message": "You know the site.",
        **more,
    }
    with acting_as(scene.cast.school_manager) as by:
        return services.ask_person(by=by, initiative=initiative, **values)


def oneself(scene: Scene, person: str = "nobody") -> Actor:
    """Somebody as themselves."""
    return Actor(scene.cast.users[person].pk)


def answered(
    by: Actor, request: ReviewRequest, kind: str = "endorsed", words: str = "", **more: Any
) -> Verdict:
    """The answer of whoever was asked."""
    with acting_as(by):
        found = ReviewRequest.objects.select_related("initiative").get(pk=request.pk)
        values = {"revision": found.initiative.revision, **more}
        return services.answer_request(by=by, request=found, kind=kind, words=words, **values)


def commented(by: Actor, initiative: Initiative, **more: Any) -> None:
    """Something said about an initiative."""
    values = {"section": "needs", "text": "The room is small.", "revision": 1, **more}
    with acting_as(by):
        rows = Initiative.objects.all()
        if by.organisation:
            rows = rows.select_related("partnership")
        services.comment_on_initiative(by=by, initiative=rows.get(pk=initiative.pk), **values)


def standing(by: Actor, initiative: Initiative) -> selectors.ReviewState:
    """Where its reviews stand, as somebody sees it."""
    with acting_as(by):
        found = Initiative.objects.get(pk=initiative.pk)
        return selectors.state_of(by, found)
