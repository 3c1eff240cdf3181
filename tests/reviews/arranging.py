"""Reviews of a scene's partnership, opened and answered through the services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from calendars.london import today
from organisations.tenancy.scope import acting
from partnerships.reviews import services
from partnerships.reviews.models import AnswerSet, Review
from partnerships.reviews.questions import keys_of
from partnerships.reviews.selectors import Results, results_of
from tests.touchpoints.scene import Scene

SCHOOLS = ("school_manager", "school_editor", "school_viewer")
HEALTH = ("health_manager", "health_editor", "council_editor")


def opened(scene: Scene, part: str = "school_editor", **more: Any) -> Review:
    """A review that was just opened, in a committed transaction."""
    by = scene.cast.actors[part]
    values = {"kind": "pulse", "closes_on": today() + timedelta(days=21), **more}
    with acting(by.scope), transaction.atomic():
        return services.open_review(by=by, partnership=scene.partnership, **values)


def answers(step: str = "3", kind: str = "pulse", **more: str) -> dict[str, str]:
    """The same answer to every question, but for those given."""
    return {**dict.fromkeys(keys_of(kind), step), **more}


def answered(
    scene: Scene, review: Review, part: str, given: Mapping[str, str] | None = None
) -> AnswerSet:
    """Somebody answers."""
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        kept = answers(kind=review.kind) if given is None else given
        return services.answer_review(by=by, review=review, answers=kept)


def closed(scene: Scene, review: Review, part: str = "health_editor") -> Review:
    """Somebody closes it."""
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        return services.close_review(by=by, review=review)


def results(scene: Scene, review: Review, part: str = "school_editor") -> Results:
    """The averages as somebody sees them."""
    with acting(scene.cast.actors[part].scope), transaction.atomic():
        return results_of([review])[review.pk]
