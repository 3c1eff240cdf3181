"""Of which partnerships and items the permissions hold. The roles are data elsewhere."""

from __future__ import annotations

from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.agenda.models import AgendaItem
from partnerships.record.models import Partnership


def of_an_open_partnership(actor: Actor, partnership: Partnership) -> bool:
    """Any member plans an item until the partnership is closed."""
    return permissions.holds_key(actor, partnership) and partnership.closed_at is None


def of_ones_own(actor: Actor, item: AgendaItem) -> bool:
    """Only the organisation that planned it changes or withdraws it."""
    own = item.author_organisation_id == actor.organisation_id
    return own and permissions.holds_key(actor, item)


permissions.rule(Permission.PLAN_AGENDA_ITEM, of_an_open_partnership)
permissions.rule(Permission.CHANGE_AGENDA_ITEM, of_ones_own)
permissions.rule(Permission.RECORD_AGENDA_STEP, permissions.holds_key)
