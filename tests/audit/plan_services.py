"""How each service about initiatives and reflections on them is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from initiatives.plans.models import Initiative
from initiatives.plans.services import add_line, possible_leads
from initiatives.reflections.services import reflect
from organisations.actor import Actor
from tests.cast import Cast
from tests.plans.arranging import OUTLINE, started
from tests.record.arranging import acting_as, shared

Call = tuple[Actor, dict[str, Any]]
S = "initiatives.plans.services."
R = "initiatives.reflections.services."


def one(cast: Cast) -> Initiative:
    return started(cast.school_editor, shared(cast), pilot=True)


def starting(cast: Cast) -> Call:
    return cast.school_editor, {"partnership": shared(cast), "outline": OUTLINE}


def changing(cast: Cast) -> Call:
    given = {"outline": replace(OUTLINE, pilot=True, hours=10), "based_on": 1}
    return cast.school_editor, {"initiative": one(cast), **given}


def passing_on(cast: Cast) -> Call:
    health = cast.organisation("health").pk
    return cast.school_editor, {"initiative": one(cast), "to_organisation_id": health}


def naming_a_lead(cast: Cast) -> Call:
    made = one(cast)
    with acting_as(cast.school_editor) as by:
        lead = possible_leads(by, made.partnership, "school")[0]
    return cast.school_editor, {"initiative": made, "side": "school", "owner": lead}


def changing_a_line(cast: Cast) -> Call:
    made = one(cast)
    with acting_as(cast.school_editor) as by:
        line = add_line(by=by, initiative=made, kind="need", words="A room")
    given = {"words": "A room", "note": "", "due_on": None, "state": "done", "based_on": 1}
    return cast.school_editor, {"line": line, **given}


def copying(cast: Cast) -> Call:
    made = one(cast)
    given = {"partnership": made.partnership, "outline": replace(OUTLINE, name="Again")}
    return cast.school_editor, {"initiative": made, **given}


def reflecting(cast: Cast) -> Call:
    return cast.health_editor, {
        "initiative": one(cast),
        "occasion": "term",
        "went_well": "Pupils came back.",
    }


def taking_back(cast: Cast) -> Call:
    by, given = reflecting(cast)
    with acting_as(by):
        return by, {"reflection": reflect(by=by, **given)}


PLANS: dict[str, Callable[[Cast], Call]] = {
    f"{S}start_initiative": starting,
    f"{S}change_initiative": changing,
    f"{S}move_to_stage": lambda cast: (
        cast.school_editor,
        {"initiative": one(cast), "stage": "running"},
    ),
    f"{S}decide_on_pilot": lambda cast: (
        cast.school_editor,
        {"initiative": one(cast), "decision": "grow", "note": "It helped."},
    ),
    f"{S}withdraw_initiative": lambda cast: (cast.school_editor, {"initiative": one(cast)}),
    f"{S}pass_on": passing_on,
    f"{S}name_lead": naming_a_lead,
    f"{S}add_line": lambda cast: (
        cast.school_editor,
        {"initiative": one(cast), "kind": "milestone", "words": "Half", "due_on": date(2027, 1, 8)},
    ),
    f"{S}change_line": changing_a_line,
    f"{S}copy_initiative": copying,
    f"{R}reflect": reflecting,
    f"{R}take_reflection_back": taking_back,
}
