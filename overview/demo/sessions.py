"""Sessions of the demo's drop-in: a few that were held, one without numbers, a run to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from calendars.london import today
from initiatives.plans.models import Initiative
from initiatives.sessions.services import (
    SessionPlan,
    cancel_session,
    plan_run,
    plan_session,
    record_attendance,
)
from organisations.actor import Actor
from organisations.tenancy.scope import acting

# How many families came, and how many staff, week by week; the last one waits for its numbers.
CAME = ((4, 2), (11, 2), (18, 3), None, (23, 3))


def hold_sessions(by: Actor, initiative: Initiative) -> None:
    """Plan and record them, in the name of one organisation."""
    monday = today() - timedelta(days=today().weekday())
    tuesday, friday = monday + timedelta(days=1), monday - timedelta(days=3)
    plan = SessionPlan(
        kind="drop_in",
        date=tuesday,
        time=time(9, 15),
        minutes=90,
        school=initiative.schools[0] if initiative.schools else None,
        place="The family room",
        planned=15,
    )
    with acting(by.scope):
        for weeks, came in zip(range(len(CAME), 0, -1), CAME, strict=True):
            day = tuesday - timedelta(weeks=weeks)
            session = plan_session(by=by, initiative=initiative, plan=replace(plan, date=day))
            if came is None:
                cancel_session(by=by, session=session, reason="The nursery nurse was ill")
                continue
            record_attendance(
                by=by,
                session=session,
                numbers={"parents": came[0], "staff": came[1]},
                note="",
                based_on=1,
            )
        plan_session(by=by, initiative=initiative, plan=replace(plan, date=friday))
        first = tuesday + timedelta(weeks=1)
        until = first + timedelta(weeks=14)
        plan_run(
            by=by, initiative=initiative, plan=replace(plan, date=first), every="week", until=until
        )
