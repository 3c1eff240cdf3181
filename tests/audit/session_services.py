"""How each service about sessions is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from calendars.london import today
from initiatives.sessions.models import Session
from organisations.actor import Actor
from tests.cast import Cast
from tests.initiative_sessions.arranging import PLAN, planned
from tests.plans.arranging import started
from tests.record.arranging import shared

Call = tuple[Actor, dict[str, Any]]
S = "initiatives.sessions.services."
YESTERDAY, SOON = today() - timedelta(days=1), today() + timedelta(days=10)


def one(cast: Cast) -> Session:
    return planned(cast.school_editor, started(cast.school_editor, shared(cast)), date=YESTERDAY)


def planning(cast: Cast) -> Call:
    initiative = started(cast.school_editor, shared(cast))
    return cast.school_editor, {"initiative": initiative, "plan": replace(PLAN, date=YESTERDAY)}


def planning_a_run(cast: Cast) -> Call:
    initiative = started(cast.school_editor, shared(cast))
    run = {"plan": replace(PLAN, date=SOON), "every": "week", "until": SOON + timedelta(weeks=9)}
    return cast.school_editor, {"initiative": initiative, **run}


SESSIONS: dict[str, Callable[[Cast], Call]] = {
    f"{S}plan_session": planning,
    f"{S}plan_run": planning_a_run,
    f"{S}change_session": lambda cast: (
        cast.school_editor,
        {"session": one(cast), "plan": replace(PLAN, date=SOON), "based_on": 1},
    ),
    f"{S}cancel_session": lambda cast: (
        cast.school_editor,
        {"session": one(cast), "reason": "The nurse is ill"},
    ),
    f"{S}record_attendance": lambda cast: (
        cast.school_editor,
        {"session": one(cast), "numbers": {"pupils": 12}, "note": "Lively", "based_on": 1},
    ),
    f"{S}add_up_terms": lambda cast: (cast.school_editor, {"session": one(cast)}),
    f"{S}open_attendance": lambda cast: (
        cast.school_manager,
        {"session": one(cast), "reason": "The report for the governors"},
    ),
}
