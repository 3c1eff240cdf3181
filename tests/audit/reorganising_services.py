"""How each service about mergers and successors is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from organisations.actor import Actor
from organisations.models import Reorganisation
from tests.cast import Cast
from tests.reorganising.arranging import A_DAY, announced, being_reorganised, recorded, trusts

Call = tuple[Actor, dict[str, Any]]
SAID = {
    "expected_on": A_DAY,
    "into": "Another trust",
    "confidence": "low",
    "source": "Its board",
}
R = "organisations.reorganising."


def recording(cast: Cast) -> Call:
    former, later = trusts(2)
    asked = {"predecessor": former, "successors": [later], "happened_on": A_DAY, "nature": "merger"}
    return cast.operator, asked


def of_a_change(cast: Cast, **more: Any) -> Call:
    made = announced(cast, trusts(1)[0], **SAID)
    return cast.operator, {"change": made, **more}


def open_one(cast: Cast) -> Reorganisation:
    recorded(cast)
    return being_reorganised(cast)


REORGANISING: dict[str, Callable[[Cast], Call]] = {
    f"{R}announcing.announce_change": lambda cast: (
        cast.operator,
        {"organisation": trusts(1)[0], **SAID},
    ),
    f"{R}announcing.correct_change": lambda cast: of_a_change(cast, **SAID),
    f"{R}announcing.confirm_change": lambda cast: of_a_change(
        cast, successors=trusts(2)[1:], happened_on=A_DAY, nature="merger"
    ),
    f"{R}announcing.drop_change": lambda cast: of_a_change(cast, note="Parliament said no"),
    f"{R}services.open_reorganisation": lambda cast: (
        cast.operator,
        {"predecessor": recorded(cast).predecessor},
    ),
    f"{R}services.decide_rows": lambda cast: (
        cast.operator,
        {"reorganisation": open_one(cast), "rows": [], "successor": None},
    ),
    f"{R}services.approve_reorganisation": lambda cast: (
        cast.operator,
        {"reorganisation": open_one(cast)},
    ),
    f"{R}services.call_off_reorganisation": lambda cast: (
        cast.operator,
        {"reorganisation": open_one(cast)},
    ),
    f"{R}successions.record_successions": recording,
    f"{R}successions.correct_succession": lambda cast: (
        cast.operator,
        {"succession": recorded(cast), "happened_on": A_DAY, "nature": "conversion"},
    ),
    f"{R}successions.remove_succession": lambda cast: (
        cast.operator,
        {"succession": recorded(cast)},
    ),
}
