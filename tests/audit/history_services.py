"""How each service about imports of history is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calendars.london import today
from organisations.actor import Actor
from partnerships.conversations.services import Entry
from tests.cast import Cast
from tests.history_import.arranging import applied, book, brought_in
from tests.record.arranging import opened, shared

Call = tuple[Actor, dict[str, Any]]
H = "overview.history_import."


def workbook(cast: Cast) -> Call:
    return cast.school_manager, {"name": "history.xlsx", "content": book()}


def checked(cast: Cast) -> Call:
    return cast.school_manager, {"run": brought_in(cast.school_manager, book())}


def choosing(cast: Cast) -> Call:
    unlike = ("Careers hub", "Walsal Healthcare Trust", "", "")
    run = brought_in(cast.school_manager, book((unlike,), (), ()))
    return cast.school_manager, {"run": run, "choices": dict.fromkeys(run.offers, 0)}


def logging(cast: Cast) -> Call:
    entry = Entry(shared(cast), "meeting", today(), "Agreed to start")
    return cast.school_manager, {"entries": [entry]}


HISTORY: dict[str, Callable[[Cast], Call]] = {
    f"{H}services.saving.bring_in": workbook,
    f"{H}services.saving.choose_partners": choosing,
    f"{H}services.saving.save_history": checked,
    f"{H}services.saving.discard": checked,
    f"{H}services.undoing.undo_history": lambda cast: (cast.school_manager, {"run": applied(cast)}),
    "partnerships.conversations.services.log_history": logging,
    "partnerships.record.services.closing.close_unshared": lambda cast: (
        cast.school_editor,
        {"partnership": opened(cast)},
    ),
}
