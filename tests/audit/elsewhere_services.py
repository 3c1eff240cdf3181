"""How each service of calendars elsewhere is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calendars.ics.found import busy_back
from organisations.actor import Actor
from tests.calendars import elsewhere_arranging as elsewhere
from tests.calendars.elsewhere_files import busy_calendar
from tests.cast import Cast

Call = tuple[Actor, dict[str, Any]]
S = "calendars.elsewhere.services."


def taking(cast: Cast) -> Call:
    file = elsewhere.file(cast.health_editor)
    keys = [each.key for each in busy_back(file.found).periods]
    return cast.health_editor, {"file": file, "keys": keys, "shared": True}


ELSEWHERE: dict[str, Callable[[Cast], Call]] = {
    f"{S}bring_in_file": lambda cast: (
        cast.health_editor,
        {
            "purpose": "busy",
            "subject": cast.organisation("health"),
            "name": "closures.ics",
            "content": busy_calendar(),
        },
    ),
    f"{S}take_from_file": taking,
    f"{S}undo_file": lambda cast: (
        cast.health_editor,
        {"file": elsewhere.taken_file(cast.health_editor)},
    ),
    f"{S}add_address": lambda cast: (
        cast.health_editor,
        {
            "purpose": "busy",
            "subject": cast.organisation("health"),
            "name": "Closures",
            "url": "https://calendar.example/closures.ics",
            "shared": False,
        },
    ),
    f"{S}read_soon": lambda cast: (
        cast.health_editor,
        {"subscription": elsewhere.address(cast.health_editor)},
    ),
    f"{S}stop_address": lambda cast: (
        cast.health_editor,
        {"subscription": elsewhere.address(cast.health_editor)},
    ),
    f"{S}leave_term_dates": lambda cast: (
        cast.school_editor,
        {"subscription": elsewhere.read_address(cast.school_editor, "terms")},
    ),
}
