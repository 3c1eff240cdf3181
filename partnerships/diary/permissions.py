"""Of which partnerships and quiet periods the permissions hold. The roles are data elsewhere."""

from __future__ import annotations

from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.diary.models import QuietPeriod
from partnerships.record.models import Partnership


def of_an_open_partnership(actor: Actor, partnership: Partnership) -> bool:
    """Any member proposes until the partnership is closed."""
    return permissions.holds_key(actor, partnership) and partnership.closed_at is None


def of_anothers(actor: Actor, period: QuietPeriod) -> bool:
    """A member answers what another member has proposed, while it stands."""
    anothers = period.author_organisation_id != actor.organisation_id
    return anothers and period.withdrawn_at is None and permissions.holds_key(actor, period)


def of_ones_own(actor: Actor, period: QuietPeriod) -> bool:
    """Only the organisation that proposed it withdraws it, once."""
    own = period.author_organisation_id == actor.organisation_id
    return own and period.withdrawn_at is None and permissions.holds_key(actor, period)


permissions.rule(Permission.PROPOSE_QUIET_PERIOD, of_an_open_partnership)
permissions.rule(Permission.ANSWER_QUIET_PERIOD, of_anothers)
permissions.rule(Permission.WITHDRAW_QUIET_PERIOD, of_ones_own)
