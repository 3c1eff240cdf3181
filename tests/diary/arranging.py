"""Quiet periods, proposed and answered in committed transactions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from organisations.tenancy.scope import acting
from partnerships.diary.agreement import Agreement, agreement_on
from partnerships.diary.models import QuietPeriod
from partnerships.diary.services import answer_quiet_period, propose_quiet_period
from tests.touchpoints.scene import Scene

# Two weeks in term, Monday to Friday of the week after.
FIRST, LAST = date(2027, 3, 1), date(2027, 3, 12)


def proposed(scene: Scene, part: str = "school_editor", **more: Any) -> QuietPeriod:
    """One that nothing is wrong with, but for what the test changes."""
    by = scene.cast.actors[part]
    given = {"starts_on": FIRST, "ends_on": LAST, "reason": "Mock exams", **more}
    with acting(by.scope), transaction.atomic():
        return propose_quiet_period(by=by, partnership=scene.partnership, **given)


def answered(
    scene: Scene, period: QuietPeriod, agreed: bool, part: str = "health_editor"
) -> Agreement:
    """What another member says of it."""
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        seen = QuietPeriod.objects.get(pk=period.pk)
        return answer_quiet_period(by=by, period=seen, agreed=agreed)


def standing(scene: Scene, period: QuietPeriod, part: str = "school_editor") -> Agreement:
    """Where it stands, as a member sees it."""
    with acting(scene.cast.actors[part].scope), transaction.atomic():
        found = QuietPeriod.objects.select_related("author_organisation").get(pk=period.pk)
        return agreement_on(found)
