"""How each service about measures is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from organisations.actor import Actor
from tests.cast import Cast
from tests.measures.arranging import DEFINITION, entries, measured, reading
from tests.plans.arranging import started
from tests.record.arranging import shared

Call = tuple[Actor, dict[str, Any]]
M = "initiatives.measures.services."


def adding(cast: Cast) -> Call:
    made = started(cast.school_editor, shared(cast))
    return cast.school_editor, {"initiative": made, "definition": DEFINITION}


def of_one(cast: Cast, **given: Any) -> Call:
    made = started(cast.school_editor, shared(cast))
    return cast.school_editor, {"measure": measured(cast.school_editor, made), **given}


def recording(cast: Cast) -> Call:
    by, given = of_one(cast)
    return by, {**given, "entries": entries(by, given["measure"], 12)}


def recording_many(cast: Cast) -> Call:
    by, given = of_one(cast)
    readings = [entries(by, given["measure"], 12 + back, back=back) for back in range(2)]
    return by, {**given, "readings": readings, "based_on": 0}


def opening(cast: Cast) -> Call:
    by, given = of_one(cast)
    reading(by, given["measure"], 12)
    return cast.school_manager, {**given, "reason": "The board asks"}


MEASURES: dict[str, Callable[[Cast], Call]] = {
    f"{M}add_measure": adding,
    f"{M}change_measure": lambda cast: of_one(
        cast, definition=replace(DEFINITION, name="Families reached"), based_on=1
    ),
    f"{M}hand_measure": lambda cast: of_one(cast, to=cast.users["school_manager"]),
    f"{M}withdraw_measure": of_one,
    f"{M}record_reading": recording,
    f"{M}record_readings": recording_many,
    f"{M}open_readings": opening,
    "initiatives.small_numbers.services.choose_rule": lambda cast: (
        cast.school_manager,
        {"partnership": shared(cast), "rule": "ofqual"},
    ),
}
