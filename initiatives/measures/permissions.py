"""Of which initiatives and measures the permissions hold. The roles are data elsewhere."""

from __future__ import annotations

from initiatives.measures.models import Measure
from initiatives.plans.models import Initiative
from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission


def of_what_is_kept(actor: Actor, initiative: Initiative) -> bool:
    """Any member measures what was not withdrawn."""
    return permissions.holds_key(actor, initiative) and initiative.withdrawn_at is None


def of_ones_own(actor: Actor, measure: Measure) -> bool:
    """The organisation that measures, until the measure was withdrawn."""
    own = measure.organisation_id == actor.organisation_id
    return own and measure.withdrawn_at is None and permissions.holds_key(actor, measure)


def of_its_owner(actor: Actor, measure: Measure) -> bool:
    """Only the one person who owns the measure enters readings."""
    return of_ones_own(actor, measure) and measure.owner_id == actor.user_id


permissions.rule(Permission.ADD_MEASURE, of_what_is_kept)
permissions.rule(Permission.CHANGE_MEASURE, of_ones_own)
permissions.rule(Permission.RECORD_READING, of_its_owner)
permissions.rule(Permission.OPEN_READINGS, of_ones_own)
