"""Of which partnerships and touchpoints the permissions hold. The roles are data elsewhere."""

from __future__ import annotations

from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.touchpoints.models import Attendee, Touchpoint


def of_an_open_partnership(actor: Actor, partnership: Partnership) -> bool:
    """Any member schedules in a partnership until it is closed."""
    return permissions.holds_key(actor, partnership) and partnership.closed_at is None


def of_ones_own(actor: Actor, touchpoint: Touchpoint) -> bool:
    """Only the organisation that scheduled it moves or cancels it; any member, once that left."""
    if not permissions.holds_key(actor, touchpoint):
        return False
    own = touchpoint.author_organisation_id == actor.organisation_id
    return own or touchpoint.author_organisation.left_at is not None


def of_ones_own_people(actor: Actor, attendee: Attendee) -> bool:
    """Of somebody invited, their own organisation answers."""
    own = attendee.organisation_id == actor.organisation_id
    return own and permissions.holds_key(actor, attendee)


def of_ones_own_record(actor: Actor, touchpoint: Touchpoint) -> bool:
    """It corrects an outcome in whose name it was recorded, or whose contact did so by a link."""
    if not permissions.holds_key(actor, touchpoint):
        return False
    posting = touchpoint.outcome_posting
    own = touchpoint.outcome_organisation_id == actor.organisation_id
    return own or (posting is not None and posting.organisation_id == actor.organisation_id)


permissions.rule(Permission.SCHEDULE_TOUCHPOINT, of_an_open_partnership)
permissions.rule(Permission.CHANGE_TOUCHPOINT, of_ones_own)
permissions.rule(Permission.RECORD_OUTCOME, permissions.holds_key)
permissions.rule(Permission.ANSWER_FOR_ONESELF, of_ones_own_people)
permissions.rule(Permission.ANSWER_FOR_COLLEAGUE, of_ones_own_people)
permissions.rule(Permission.CORRECT_OUTCOME, of_ones_own_record)
