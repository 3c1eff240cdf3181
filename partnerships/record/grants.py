"""What a personal grant on a partnership allows whoever acts as themselves."""

from __future__ import annotations

from enum import StrEnum

from guardian.shortcuts import get_user_perms

from organisations.actor import Actor
from organisations.models import User
from partnerships.record.models import Partnership


class Allows(StrEnum):
    """What a grant is for; its values are the permissions that the table of grants names."""

    VIEW = "view_partnership"
    CHANGE = "change_partnership"

    @property
    def label(self) -> str:
        """What for, in words."""
        return "Edit this partnership" if self is Allows.CHANGE else "See this partnership"


def held_by(actor: Actor, partnership: Partnership) -> frozenset[str]:
    """The permissions of the person's own grants; row security leaves out what has run out."""
    return frozenset(get_user_perms(User(pk=actor.user_id), partnership))


def may_see(actor: Actor, partnership: Partnership) -> bool:
    """Whether any grant is held: who may edit may see."""
    return bool(held_by(actor, partnership))


def may_change(actor: Actor, partnership: Partnership) -> bool:
    """Whether a grant to edit is held, and the partnership is not closed."""
    return partnership.closed_at is None and Allows.CHANGE in held_by(actor, partnership)
