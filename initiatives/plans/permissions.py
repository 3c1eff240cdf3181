"""Of which partnerships and initiatives the permissions hold. The roles are data elsewhere."""

from __future__ import annotations

from initiatives.plans import grants
from initiatives.plans.models import Initiative, Lead
from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Partnership


def of_an_open_partnership(actor: Actor, partnership: Partnership) -> bool:
    """Any member starts an initiative until the partnership is closed."""
    return permissions.holds_key(actor, partnership) and partnership.closed_at is None


def of_its_planners(actor: Actor, initiative: Initiative) -> bool:
    """The organisation that looks after it, and whoever leads it for theirs.

    Any member takes on one whose organisation has left Tandem. None that was withdrawn.
    """
    if initiative.withdrawn_at is not None or not permissions.holds_key(actor, initiative):
        return False
    if initiative.organisation_id == actor.organisation_id:
        return True
    return initiative.organisation.left_at is not None or any(
        leads(actor, each) for each in initiative.leads.all()
    )


def leads(actor: Actor, lead: Lead) -> bool:
    """Whether the actor is the person named, and acts for the organisation named."""
    if lead.organisation_id != actor.organisation_id:
        return False
    if lead.user_id is not None:
        return lead.user_id == actor.user_id
    posting = lead.posting
    return (
        posting is not None and posting.ended_on is None and posting.person.user_id == actor.user_id
    )


def of_ones_own(actor: Actor, initiative: Initiative) -> bool:
    """Only the organisation that looks after it withdraws it or lets somebody else see it."""
    own = initiative.organisation_id == actor.organisation_id
    return own and initiative.withdrawn_at is None and permissions.holds_key(actor, initiative)


permissions.rule(Permission.START_INITIATIVE, of_an_open_partnership)
permissions.rule(Permission.SEE_INITIATIVE, permissions.holds_key)
permissions.rule(Permission.CHANGE_INITIATIVE, of_its_planners)
permissions.rule(Permission.WITHDRAW_INITIATIVE, of_ones_own)
permissions.rule(Permission.SHOW_INITIATIVE, of_ones_own)
permissions.grant_rule(Permission.SEE_INITIATIVE, grants.may_see)
