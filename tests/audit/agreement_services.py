"""How each service about agreements is called by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from organisations.actor import Actor
from partnerships.agreements.files import add_file
from partnerships.agreements.library import required_of
from partnerships.agreements.papers import add_data_paper
from partnerships.agreements.selectors import version_of
from partnerships.agreements.services import change_clause, move_stage, start_agreement
from partnerships.agreements.signing import name_signatory, sign_agreement
from tests.agreements.arranging import DATES, FACTS, a_copy, a_paper, half_written
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


def naming(cast: Cast) -> Call:
    by, given = of_one(cast)
    return by, {**given, "user": cast.users["school_editor"], "role": "Chief executive"}


def to_be_signed(cast: Cast) -> Call:
    """A letter of intent that is ready, with the school's signatory."""
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        agreement = start_agreement(
            by=by,
            partnership=partnership,
            kind="letter_of_intent",
            title="A first pilot",
            dates=DATES,
        )
        for clause in required_of("letter_of_intent", []):
            agreement.refresh_from_db()
            change_clause(
                by=by,
                agreement=agreement,
                key=clause.key,
                text=f"We agree about {clause.name}",
                based_on=agreement.revision,
            )
        move_stage(by=by, agreement=agreement, stage="approval")
        user = cast.users["school_editor"]
        name_signatory(by=by, agreement=agreement, user=user, role="Chief executive")
        agreement.refresh_from_db()
        version = version_of(agreement)
    values = {"number": version.number, "digest": version.digest, "role": "Chief executive"}
    return by, {"agreement": agreement, **values}


S = "partnerships.agreements.signing."
AGREEMENTS |= {f"{S}name_signatory": naming, f"{S}sign_agreement": to_be_signed}


def bringing_in(cast: Cast) -> Call:
    by, given = of_one(cast)
    return by, {**given, "upload": a_copy()}


def taking_out(cast: Cast) -> Call:
    by, given = bringing_in(cast)
    with acting_as(by):
        return by, {"file": add_file(by=by, **given)}


K = "partnerships.agreements.files."
AGREEMENTS |= {f"{K}add_file": bringing_in, f"{K}remove_file": taking_out}


def to_be_renewed(cast: Cast) -> Call:
    """A letter of intent that both members have signed."""
    by, given = to_be_signed(cast)
    agreement = given["agreement"]
    with acting_as(cast.health_editor) as health:
        user = cast.users["health_editor"]
        name_signatory(by=health, agreement=agreement, user=user, role="Chief executive")
    for part in ("school_editor", "health_editor"):
        with acting_as(cast.actors[part]) as signer:
            sign_agreement(by=signer, **given)
    with acting_as(by):
        agreement.refresh_from_db()
    return by, {"agreement": agreement, "dates": {}}


R = "partnerships.agreements.renewal."
AGREEMENTS |= {f"{R}renew_agreement": to_be_renewed}


def of_a_paper(cast: Cast, **more: Any) -> Call:
    by, given = of_one(cast)
    with acting_as(by):
        paper = add_data_paper(by=by, **given, **a_paper(cast.organisation("school")))
    return by, {"paper": paper, **more}


def changing_a_paper(cast: Cast) -> Call:
    by, given = of_a_paper(cast)
    said = a_paper(cast.organisation("school"), reference="DPIA 2026/15")
    del said["kind"]
    return by, {**given, **said}


AGREEMENTS |= {
    "partnerships.agreements.papers.add_data_paper": lambda cast: of_one(
        cast, **a_paper(cast.organisation("school"))
    ),
    "partnerships.agreements.papers.change_data_paper": changing_a_paper,
    "partnerships.agreements.papers.end_data_paper": lambda cast: of_a_paper(
        cast, note="Replaced by DPIA 2027/3"
    ),
}
