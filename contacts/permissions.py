"""Who may do what to a posting, and to a region."""

from __future__ import annotations

from contacts import grants
from contacts.models import Posting
from organisations.actor import Actor
from organisations.permissions import Permission, grant_rule, rule


def recorded_it(actor: Actor, posting: Posting) -> bool:
    """Whether the actor's organisation recorded the posting."""
    return posting.recorded_by_id == actor.organisation_id


rule(Permission.CORRECT_POSTING, recorded_it)
# No role of an organisation holds it, nor does an operator.
grant_rule(Permission.MANAGE_REGION, grants.manages)
