"""Of which partnerships and conversations the permissions hold. The roles are data elsewhere."""

from __future__ import annotations

from typing import Protocol

from organisations import permissions
from organisations.actor import Actor, HasAcl
from organisations.permissions import Permission
from partnerships.record.models import Partnership


class Authored(HasAcl, Protocol):
    """A record below a partnership that one organisation wrote."""

    author_organisation_id: int


def of_an_open_partnership(actor: Actor, partnership: Partnership) -> bool:
    """Any member adds to a partnership until it is closed."""
    return permissions.holds_key(actor, partnership) and partnership.closed_at is None


def of_ones_own(actor: Actor, conversation: Authored) -> bool:
    """Only the author's organisation changes or withdraws, and only while it is a member."""
    return conversation.author_organisation_id == actor.organisation_id and permissions.holds_key(
        actor, conversation
    )


permissions.rule(Permission.LOG_CONVERSATION, of_an_open_partnership)
permissions.rule(Permission.CHANGE_CONVERSATION, of_ones_own)
