"""Of which partnerships and wins the permissions hold. The roles are data elsewhere."""

from __future__ import annotations

from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.wins.models import Win


def of_an_open_partnership(actor: Actor, partnership: Partnership) -> bool:
    """Any member logs a win until the partnership is closed."""
    return permissions.holds_key(actor, partnership) and partnership.closed_at is None


def of_ones_own(actor: Actor, win: Win) -> bool:
    """Only the author's organisation shares one or takes it back, while it is a member."""
    own = win.author_organisation_id == actor.organisation_id
    return own and permissions.holds_key(actor, win)


permissions.rule(Permission.LOG_WIN, of_an_open_partnership)
permissions.rule(Permission.CHANGE_WIN, of_ones_own)
