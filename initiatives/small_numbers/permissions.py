"""For which partnerships a rule is chosen. The roles are data elsewhere."""

from __future__ import annotations

from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Partnership


def of_an_open_partnership(actor: Actor, partnership: Partnership) -> bool:
    """Every member chooses for itself until the partnership is closed."""
    return permissions.holds_key(actor, partnership) and partnership.closed_at is None


permissions.rule(Permission.CHOOSE_SMALL_NUMBER_RULE, of_an_open_partnership)
