"""How each service about wins is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calendars.london import today
from organisations.actor import Actor
from partnerships.wins.services import log_win
from tests.cast import Cast
from tests.record.arranging import acting_as, shared

Call = tuple[Actor, dict[str, Any]]
W = "partnerships.wins.services."


def new() -> dict[str, Any]:
    return {"line": "The first drop-in was full", "happened_on": today(), "internal": True}


def logging(cast: Cast) -> Call:
    return cast.school_editor, {"partnership": shared(cast), **new()}


def of_one(cast: Cast) -> Call:
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        return by, {"win": log_win(by=by, partnership=partnership, **new())}


WINS: dict[str, Callable[[Cast], Call]] = {
    f"{W}log_win": logging,
    f"{W}share_win": of_one,
    f"{W}take_win_back": of_one,
}
