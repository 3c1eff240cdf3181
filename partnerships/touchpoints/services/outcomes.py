"""Recording what became of a touchpoint."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calendars.london import moment_in_words
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.touchpoints import announcements
from partnerships.touchpoints.models import Touchpoint, TouchpointState
from partnerships.touchpoints.services.planning import cancel_touchpoint
from partnerships.touchpoints.services.standing import end, locked, require_scheduled

OUTCOMES = (TouchpointState.HELD, TouchpointState.MISSED, TouchpointState.CANCELLED)


@transaction.atomic
def record_outcome(
    *, by: Actor, touchpoint: Touchpoint, outcome: str, notes: str = ""
) -> Touchpoint:
    """Record what became of a touchpoint: held, missed or cancelled. Any member may.

    One that is still to come can only be cancelled, by the organisation that scheduled it.
    Raises ValidationError for that, for an unknown outcome, and when one is recorded already.
    """
    if outcome not in OUTCOMES:
        raise ValidationError({"outcome": "Choose what became of it"})
    current = locked(by, touchpoint, Permission.RECORD_OUTCOME)
    require_scheduled(current)
    if current.starts_at > timezone.now():
        if outcome != TouchpointState.CANCELLED:
            begins = moment_in_words(current.starts_at)
            raise ValidationError(
                {"outcome": f"It has not begun yet. Record its outcome after {begins}"}
            )
        return cancel_touchpoint(by=by, touchpoint=current, notes=notes)
    end(by, current, TouchpointState(outcome), notes)
    announcements.call_off(current)
    return current
