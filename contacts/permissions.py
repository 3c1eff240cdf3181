"""Who may do what to a posting."""

from __future__ import annotations

from contacts.models import Posting
from organisations.actor import Actor
from organisations.permissions import Permission, rule


def recorded_it(actor: Actor, posting: Posting) -> bool:
    """Whether the actor's organisation recorded the posting."""
    return posting.recorded_by_id == actor.organisation_id


rule(Permission.CORRECT_POSTING, recorded_it)
