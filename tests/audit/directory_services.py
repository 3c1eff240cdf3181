"""The services of a region's directory, and for each one a way to call it that succeeds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from organisations.actor import Actor
from tests.cast import Cast
from tests.contacts.keeping import SOMEBODY, admin_of, listed, offered, private, region_of

Call = tuple[Actor, dict[str, Any]]
Row = Callable[[Cast], Call]
S, K = "contacts.directory_services.", "contacts.keeping.services."


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
    f"{K}checking.confirm_several": several,
}
