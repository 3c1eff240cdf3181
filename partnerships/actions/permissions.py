"""Of which partnerships and actions the permissions hold. The roles are data elsewhere."""

from __future__ import annotations

from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.actions.models import Action
from partnerships.record.models import Partnership


def of_an_open_partnership(actor: Actor, partnership: Partnership) -> bool:
    """Any member adds an action until the partnership is closed."""
    return permissions.holds_key(actor, partnership) and partnership.closed_at is None


def of_either_side(actor: Actor, action: Action) -> bool:
    """The organisation that added it and the one that owns it; any member, once the former left."""
    if not permissions.holds_key(actor, action):
        return False
    either = (action.author_organisation_id, action.owner_organisation_id)
    return actor.organisation_id in either or action.author_organisation.left_at is not None


permissions.rule(Permission.ADD_ACTION, of_an_open_partnership)
permissions.rule(Permission.CHANGE_ACTION, of_either_side)
