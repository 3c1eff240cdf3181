"""Who may do what to a posting, and to a region."""

from __future__ import annotations

from contacts import grants
from contacts.models import Listing, Posting
from organisations.actor import Actor
from organisations.permissions import Permission, grant_rule, rule


def keeps_it(actor: Actor, posting: Posting) -> bool:
    """Whether the actor's organisation recorded the posting and keeps it.

    Once a posting is in a region's directory, the organisation that it is at corrects it.
    """
    keeper = (
        posting.organisation_id if posting.listing == Listing.LISTED else posting.recorded_by_id
    )
    return keeper == actor.organisation_id


def recorded_it(actor: Actor, posting: Posting) -> bool:
    """Whether the actor's organisation recorded the posting."""
    return posting.recorded_by_id == actor.organisation_id


def in_the_directory(actor: Actor, posting: Posting) -> bool:
    """Whether the posting is in a directory, where whoever has joined finds it."""
    return posting.listing == Listing.LISTED


rule(Permission.CORRECT_POSTING, keeps_it)
rule(Permission.REPORT_POSTING, in_the_directory)
rule(Permission.OFFER_POSTING, recorded_it)
# No role of an organisation holds it, nor does an operator.
grant_rule(Permission.MANAGE_REGION, grants.manages)
