"""Sessions for tests, each step as the people who run them do it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

from initiatives.plans.models import Initiative
from initiatives.sessions import services
from initiatives.sessions.models import Session
from organisations.actor import Actor
from tests.record.arranging import acting_as

PLAN = services.SessionPlan(
    kind="drop_in", date=date(2026, 9, 8), time=time(8, 15), minutes=45, place="The library"
)


def planned(by: Actor, initiative: Initiative, **more: Any) -> Session:
    """A session that the acting organisation runs."""
    runs = more.pop("organisation_id", None)
    with acting_as(by):
        return services.plan_session(
            by=by, initiative=initiative, plan=replace(PLAN, **more), organisation_id=runs
        )


def recorded(by: Actor, session: Session, note: str = "", **numbers: int) -> Session:
    """Held, with these numbers by group."""
    with acting_as(by):
        now = Session.objects.select_related("initiative__organisation", "partnership").get(
            pk=session.pk
        )
        return services.record_attendance(
            by=by, session=now, numbers=numbers, note=note, based_on=now.revision
        )
