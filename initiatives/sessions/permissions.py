"""Of which initiatives and sessions the permissions hold. The roles are data elsewhere."""

from __future__ import annotations

from initiatives.plans.models import Initiative
from initiatives.plans.permissions import of_its_planners
from initiatives.sessions.models import Session, State
from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission


def of_a_live_initiative(actor: Actor, initiative: Initiative) -> bool:
    """Any member plans a session of its own until the initiative is over."""
    open_still = initiative.is_live and initiative.partnership.closed_at is None
    return open_still and permissions.holds_key(actor, initiative)


def of_its_planners_or_staff(actor: Actor, session: Session) -> bool:
    """Whoever runs it, and whoever plans the initiative."""
    if session.organisation_id == actor.organisation_id:
        return permissions.holds_key(actor, session)
    return of_its_planners(actor, session.initiative)


def of_its_staff(actor: Actor, session: Session) -> bool:
    """Only the organisation whose staff run it records who came."""
    own = session.organisation_id == actor.organisation_id
    return own and session.state != State.CANCELLED and permissions.holds_key(actor, session)


permissions.rule(Permission.PLAN_SESSION, of_a_live_initiative)
permissions.rule(Permission.CHANGE_SESSION, of_its_planners_or_staff)
permissions.rule(Permission.RECORD_ATTENDANCE, of_its_staff)
permissions.rule(Permission.OPEN_ATTENDANCE, of_its_staff)
