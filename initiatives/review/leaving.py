"""What becomes of requests for a review when an organisation leaves Tandem, or one partnership.

What it was asked is withdrawn. The personal access that it gave to its initiatives ends, with what
those people were asked: nobody could end it afterwards. Comments and verdicts stay.
"""

from __future__ import annotations

from django.db.models import QuerySet

from initiatives.plans.models import InitiativeGrant
from initiatives.review.access import end_grant
from initiatives.review.models import RequestState, ReviewRequest
from initiatives.review.withdrawing import withdraw
from organisations.actor import Actor
from organisations.joining.registry import foretold, on_leaving
from partnerships.record.models import Partnership
from partnerships.record.parting import foretold_parting, on_parting

# Before its partnerships are left, without which they could not be read.
FIRST = 14


def settle_requests(by: Actor, partnership: Partnership | None = None) -> dict[str, int]:
    """Withdraw what it was asked, and end the access it gave; says how many."""
    asked = list(_asked(by, partnership))
    for request in asked:
        withdraw(by, request)
    grants = list(_given(by, partnership).select_related("content_object", "user"))
    for grant in grants:
        end_grant(by, grant)
    return {"review_requests": len(asked), "initiative_access": len(grants)}


def what_becomes_of_them(by: Actor, partnership: Partnership | None = None) -> list[str]:
    """The same in advance, in words."""
    said = []
    if count := _asked(by, partnership).count():
        ends = "1 request for a review ends" if count == 1 else f"{count} requests for a review end"
        said.append(f"{ends} without its answer")
    if count := _given(by, partnership).count():
        people = "1 person loses" if count == 1 else f"{count} people lose"
        said.append(f"{people} their personal access to its initiatives")
    return said


def _asked(by: Actor, partnership: Partnership | None) -> QuerySet[ReviewRequest]:
    rows = ReviewRequest.objects.filter(
        acl__overlap=[by.organisation_id],
        to_organisation_id=by.organisation_id,
        state=RequestState.OPEN,
    )
    return rows.filter(partnership=partnership) if partnership else rows


def _given(by: Actor, partnership: Partnership | None) -> QuerySet[InitiativeGrant]:
    rows = InitiativeGrant.objects.filter(
        content_object__acl__overlap=[by.organisation_id],
        content_object__organisation_id=by.organisation_id,
    )
    return rows.filter(content_object__partnership=partnership) if partnership else rows


def register() -> None:
    """Take part in leaving."""
    on_leaving.register(settle_requests, order=FIRST)
    foretold.register(what_becomes_of_them, order=FIRST)
    on_parting.register(settle_requests, order=FIRST)
    foretold_parting.register(what_becomes_of_them, order=FIRST)
