"""How each service about who comes to a touchpoint is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from organisations.actor import Actor
from partnerships.touchpoints.models import Attendee, Touchpoint
from partnerships.touchpoints.services import schedule_touchpoint
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


ATTENDING: dict[str, Callable[[Cast], Call]] = {f"{T}answers.answer": answering}
