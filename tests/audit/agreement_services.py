"""How each service about agreements is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from organisations.actor import Actor
from partnerships.agreements.services import start_agreement
from tests.agreements.arranging import DATES, FACTS, half_written
from tests.cast import Cast
from tests.record.arranging import acting_as, shared

Call = tuple[Actor, dict[str, Any]]
G = "partnerships.agreements.services."
NEW: dict[str, Any] = {"kind": "mou", "title": "Health hub", "dates": {}}


def starting(cast: Cast) -> Call:
    return cast.school_editor, {"partnership": shared(cast), **NEW}


def of_one(cast: Cast, **more: Any) -> Call:
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        agreement = start_agreement(by=by, partnership=partnership, **NEW)
    return by, {"agreement": agreement, **more}


def of_a_half_written(cast: Cast, **more: Any) -> Call:
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        return by, {"agreement": half_written(by, partnership), **more}


AGREEMENTS: dict[str, Callable[[Cast], Call]] = {
    f"{G}start_agreement": starting,
    f"{G}change_clause": lambda cast: of_one(cast, key="risk", text="A shared list.", based_on=1),
    f"{G}change_details": lambda cast: of_one(
        cast, title="Other", dates=DATES, facts=FACTS, based_on=1
    ),
    f"{G}move_stage": lambda cast: of_one(cast, stage="with_partner"),
    f"{G}end_agreement": of_a_half_written,
}
