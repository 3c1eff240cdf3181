"""What reviews are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register
from partnerships.reviews.models import Review


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("reviews_review", "Review", _reviews)


def _reviews(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = Review.objects.filter(pk__in=ids, acl__overlap=[actor.key])
    return {
        each.pk: Shown(
            each.title, page_of(actor, "review", ref=each.partnership.ref, review=each.ref)
        )
        for each in found.select_related("partnership")
    }
