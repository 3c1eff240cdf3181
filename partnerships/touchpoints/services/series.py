"""Scheduling touchpoints that come round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from calendars.london import day_in_words
from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.services.planning import schedule_touchpoint

MOST_OF_A_SERIES = 24


@transaction.atomic
def schedule_series(
    *, by: Actor, partnership: Partnership, days: Mapping[str, date], **plan: Any
) -> list[Touchpoint]:
    """Schedule several touchpoints that differ in their day alone: all of them, or none.

    `days` under the names by which a refusal speaks of them; `plan` as `schedule_touchpoint` takes
    it. Raises ValidationError, keyed by the name of the day that cannot be.
    """
    permissions.require(by, Permission.SCHEDULE_TOUCHPOINT, partnership)
    if not 0 < len(days) <= MOST_OF_A_SERIES:
        raise ValidationError(f"Schedule between 1 and {MOST_OF_A_SERIES} touchpoints at once")
    scheduled = []
    for name, day in days.items():
        try:
            scheduled.append(schedule_touchpoint(by=by, partnership=partnership, date=day, **plan))
        except ValidationError as refusal:
            words = f"{day_in_words(day)}: {' '.join(refusal.messages)}"
            raise ValidationError({name: words}) from refusal
    return scheduled
