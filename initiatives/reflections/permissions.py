"""On which initiatives somebody reflects, and which reflections they take back."""

from __future__ import annotations

from initiatives.plans.models import Initiative
from initiatives.reflections.models import Reflection
from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission


def of_what_is_kept(actor: Actor, initiative: Initiative) -> bool:
    """Any member reflects on an initiative that was not withdrawn."""
    return permissions.holds_key(actor, initiative) and initiative.withdrawn_at is None


def of_ones_own(actor: Actor, reflection: Reflection) -> bool:
    """Only the author's organisation takes one back, while it is a member."""
    own = reflection.author_organisation_id == actor.organisation_id
    return own and permissions.holds_key(actor, reflection)


permissions.rule(Permission.REFLECT, of_what_is_kept)
permissions.rule(Permission.TAKE_REFLECTION_BACK, of_ones_own)
