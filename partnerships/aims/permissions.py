"""Of which partnerships the permissions hold. The roles are data elsewhere."""

from __future__ import annotations

from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Partnership


def of_an_open_partnership(actor: Actor, partnership: Partnership) -> bool:
    """Every member writes, comments and agrees until the partnership is closed."""
    return permissions.holds_key(actor, partnership) and partnership.closed_at is None


permissions.rule(Permission.CHANGE_AIM, of_an_open_partnership)
permissions.rule(Permission.COMMENT_ON_AIM, of_an_open_partnership)
permissions.rule(Permission.AGREE_AIM, of_an_open_partnership)
