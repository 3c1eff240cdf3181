"""What a personal grant on an initiative allows whoever acts as themselves: to see it."""

from __future__ import annotations

from guardian.shortcuts import get_user_perms

from initiatives.plans.models import Initiative
from organisations.actor import Actor
from organisations.models import User

VIEW = "view_initiative"


def held_by(actor: Actor, initiative: Initiative) -> frozenset[str]:
    """The permissions of the person's own grants; row security leaves out what has run out."""
    return frozenset(get_user_perms(User(pk=actor.user_id), initiative))


def may_see(actor: Actor, initiative: Initiative) -> bool:
    """Whether any grant is held."""
    return bool(held_by(actor, initiative))
