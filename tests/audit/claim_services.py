"""How each service about claims of schools is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from organisations.actor import Actor
from tests.cast import Cast
from tests.contacts.claims.arranging import FREE, drafted, sent, upload

Call = tuple[Actor, dict[str, Any]]
C = "contacts.claims.services."
CLAIMS: dict[str, Callable[[Cast], Call]] = {
    f"{C}draft_claim": lambda cast: (cast.school_manager, {"upload": upload(cast, *FREE)}),
    f"{C}send_claim": lambda cast: (cast.school_manager, {"claim": drafted(cast)}),
    f"{C}withdraw_claim": lambda cast: (cast.school_manager, {"claim": sent(cast)}),
    f"{C}decide_claim": lambda cast: (cast.operator, {"claim": sent(cast), "accepted": []}),
}
