"""How each service about shared aims is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from organisations.actor import Actor
from partnerships.aims.services import write_aim
from tests.cast import Cast
from tests.record.arranging import acting_as, shared

Call = tuple[Actor, dict[str, Any]]
A = "partnerships.aims.services."
NEW: dict[str, Any] = {"priorities": ["Attendance"], "aim": "", "based_on": 0}


def writing(cast: Cast) -> Call:
    return cast.school_editor, {"partnership": shared(cast), **NEW}


def of_one(cast: Cast, **more: Any) -> Call:
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        write_aim(by=by, partnership=partnership, **NEW)
    return by, {"partnership": partnership, **more}


AIMS: dict[str, Callable[[Cast], Call]] = {
    f"{A}write_aim": writing,
    f"{A}comment_on_aim": lambda cast: of_one(cast, text="We can do this."),
    f"{A}agree_aim": lambda cast: of_one(cast, number=1, role="Director of inclusion"),
}
