"""The services of a region's directory, and for each one a way to call it that succeeds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connections
from django.utils import timezone

from contacts.keeping import services
from contacts.models import GatewayType, Need
from contacts.verification.links import find_by_ref
from contacts.verification.services import answer_left
from organisations.actor import Actor
from organisations.references import new_ref
from tests.cast import Cast
from tests.contacts.keeping import (
    SOMEBODY,
    admin_of,
    listed,
    meeting,
    offered,
    other_region,
    private,
    region_of,
    walsall_board,
)
from tests.directory.arranging import asked_for
from tests.record.arranging import acting_as

Call = tuple[Actor, dict[str, Any]]
Row = Callable[[Cast], Call]
S, K = "contacts.directory_services.", "contacts.keeping.services."
V = "contacts.verification.services."
D = "contacts.directory.services."


def of_listed(**more: Any) -> Row:
    """By the region's admin, about somebody in the directory."""

    def row(cast: Cast) -> Call:
        by = admin_of(cast)
        return by, {"posting": listed(cast, by), **more}

    return row


def deciding(cast: Cast) -> Call:
    return admin_of(cast), {"posting": offered(cast)}


def listing(cast: Cast) -> Call:
    given = {"region": region_of(cast), "organisation": cast.organisation("health")}
    return admin_of(cast), {**given, **SOMEBODY}


def several(cast: Cast) -> Call:
    by, given = of_listed()(cast)
    return by, {"region": region_of(cast), "postings": [given["posting"]]}


def asking(cast: Cast) -> Call:
    by, given = of_listed()(cast)
    return by, {"postings": [given["posting"]]}


def settling(cast: Cast) -> Call:
    """Somebody asked to be removed."""
    by, given = of_listed()(cast)
    posting = given["posting"]
    with connections["worker"].cursor() as worker:
        worker.execute("SELECT tandem.step_checks(now(), 1)")
        worker.execute("SELECT ref FROM tandem.letters_to_hand_on(1)")
        ((ref,),) = worker.fetchall()
    letter = find_by_ref(ref)
    assert letter is not None
    answer_left(letter=letter, on=timezone.localdate())
    with acting_as(by):
        return by, {"change": posting.changes.select_related("region").get()}


def of_gateway(**more: Any) -> Row:
    """By the region's admin, about a board of Walsall's."""

    def row(cast: Cast) -> Call:
        return admin_of(cast), {"region": region_of(cast), "gateway": walsall_board(), **more}

    return row


def deciding_report(cast: Cast) -> Call:
    by, given = of_listed()(cast)
    with acting_as(cast.school_viewer) as reader:
        report = services.report_posting(by=reader, posting=given["posting"], kind="left")
    return by, {"report": report, "applied": True, "answer": "Thank you"}


def merging(cast: Cast) -> Call:
    by = admin_of(cast)
    kept, folded = listed(cast, by), listed(cast, by, name="Director of strategy")
    return by, {"kept": kept, "folded": folded}


def undoing(cast: Cast) -> Call:
    by, given = merging(cast)
    with acting_as(by):
        return by, {"merge": services.merge_postings(by=by, **given)}


def passing_on(cast: Cast) -> Call:
    by = admin_of(cast)
    return by, {"posting": listed(cast, by), "region": other_region()}


def taking_over(cast: Cast) -> Call:
    by, given = passing_on(cast)
    posting, region = given["posting"], given["region"]
    with acting_as(by):
        services.offer_transfer(by=by, posting=posting, region=region)
    return admin_of(cast, "stranger", region), {
        "posting": posting,
        "region": region,
        "accept": True,
    }


def of_visibility(visibility: str, **more: Any) -> Row:
    """By the school trust, about somebody in the directory whose details are open so far."""

    def row(cast: Cast) -> Call:
        admin = admin_of(cast)
        return cast.school_editor, {"posting": listed(cast, admin, visibility=visibility), **more}

    return row


def deciding_request(cast: Cast) -> Call:
    admin = admin_of(cast)
    return admin, {"request": asked_for(cast, admin), "approve": True}


G = "contacts.gateways.services."
DIRECTORY: dict[str, Row] = {
    f"{S}list_posting": listing,
    f"{S}change_posting": of_listed(job_title="Director of partnerships"),
    f"{S}confirm_posting": of_listed(),
    f"{S}end_posting": of_listed(on=timezone.localdate()),
    f"{S}offer_posting": lambda cast: (
        cast.school_editor,
        {"posting": private(cast), "region": region_of(cast)},
    ),
    f"{S}withdraw_offer": lambda cast: (cast.school_editor, {"posting": offered(cast)}),
    f"{S}accept_offer": deciding,
    f"{S}decline_offer": deciding,
    f"{V}ask": asking,
    f"{V}settle": settling,
    f"{D}open_details": of_visibility("joined"),
    f"{D}ask_for_details": of_visibility("request", reason="Rooms for a clinic"),
    f"{D}decide_request": deciding_request,
    f"{D}change_need": lambda cast: (
        cast.operator,
        # Another name each time: what is reference stays as a test has left it.
        {"need": Need.objects.get(key="careers"), "name": f"NHS careers {new_ref()}"},
    ),
    f"{K}checking.confirm_several": several,
    f"{G}add_gateway": lambda cast: (
        admin_of(cast),
        {"region": region_of(cast), "type": GatewayType.objects.get(key="mhst")},
    ),
    f"{G}change_gateway": of_gateway(how_to_reach="By telephone"),
    f"{G}end_gateway": of_gateway(),
    f"{G}add_meetings": of_gateway(meetings=[(timezone.localdate(), None)]),
    f"{G}cancel_meeting": lambda cast: (
        by := admin_of(cast),
        {"region": region_of(cast), "meeting": meeting(cast, by)},
    ),
    f"{K}reporting.report_posting": lambda cast: (
        cast.school_viewer,
        {"posting": listed(cast, admin_of(cast)), "kind": "left"},
    ),
    f"{K}reporting.decide_report": deciding_report,
    f"{K}leaving.record_leaver": of_listed(on=timezone.localdate(), ask_for_note=True),
    f"{K}leaving.ask_for_hand_over": of_listed(),
    f"{K}merging.merge_postings": merging,
    f"{K}merging.undo_merge": undoing,
    f"{K}transferring.offer_transfer": passing_on,
    f"{K}transferring.decide_transfer": taking_over,
}
