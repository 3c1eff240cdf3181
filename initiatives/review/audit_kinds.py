"""What requests for a review and their answers are called in the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from initiatives.review.models import ReviewRequest, Verdict
from initiatives.review.presenters import address
from organisations.actor import Actor
from organisations.audit_trail.registry import Shown, register


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("initiative_review_reviewrequest", "Review asked for", partial(_found, ReviewRequest))
    register("initiative_review_verdict", "Answer to a review", partial(_found, Verdict))


def _found(
    model: type[ReviewRequest] | type[Verdict], actor: Actor, ids: Collection[int]
) -> Mapping[int, Shown]:
    rows = model._default_manager.filter(pk__in=ids, acl__overlap=[actor.key])
    return {
        each.pk: Shown(
            f"Review of {each.initiative}",
            address(actor, each.initiative),
        )
        for each in rows.select_related("initiative__partnership")
    }
