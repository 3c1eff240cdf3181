"""Of which partnerships and reviews the permissions hold. The roles are data elsewhere."""

from __future__ import annotations

from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.reviews.models import Review


def of_an_open_partnership(actor: Actor, partnership: Partnership) -> bool:
    """Any member opens a review until the partnership is closed."""
    return permissions.holds_key(actor, partnership) and partnership.closed_at is None


def of_a_member(actor: Actor, review: Review) -> bool:
    """Every member answers it, until the partnership is closed."""
    return permissions.holds_key(actor, review) and review.partnership.closed_at is None


permissions.rule(Permission.OPEN_REVIEW, of_an_open_partnership)
permissions.rule(Permission.ANSWER_REVIEW, of_a_member)
permissions.rule(Permission.CLOSE_REVIEW, of_a_member)
