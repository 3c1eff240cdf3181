"""How each service of what people want of their e-mails is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from organisations.actor import Actor
from organisations.outbox.preferences.quiet import Quiet
from tests.cast import Cast

Call = tuple[Actor, dict[str, Any]]
P = "organisations.outbox.preferences.services."

WISHES: dict[str, Callable[[Cast], Call]] = {
    f"{P}choose": lambda cast: (cast.school_editor, {"choices": {"reminders": "never"}}),
    f"{P}keep_quiet_hours": lambda cast: (cast.school_editor, {"quiet": Quiet(weekends=True)}),
    f"{P}keep_reminders": lambda cast: (cast.school_editor, {"minutes": [60]}),
}
