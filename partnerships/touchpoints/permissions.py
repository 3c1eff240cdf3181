"""Of which partnerships and touchpoints the permissions hold. The roles are data elsewhere."""

from __future__ import annotations

from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.touchpoints.models import Attendee, Paper, Proposal, Touchpoint


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


def of_another(actor: Actor, touchpoint: Touchpoint) -> bool:
    """Whoever scheduled it moves it, and proposes nothing to themselves."""
    if not permissions.holds_key(actor, touchpoint):
        return False
    theirs = touchpoint.author_organisation_id != actor.organisation_id
    return theirs and touchpoint.author_organisation.left_at is None


def of_ones_own_or_invited_by_us(actor: Actor, attendee: Attendee) -> bool:
    """Somebody invited is taken off by their organisation, or by the one that invites."""
    if not permissions.holds_key(actor, attendee):
        return False
    author = attendee.touchpoint.author_organisation_id
    return actor.organisation_id in (attendee.organisation_id, author)


def that_we_made(actor: Actor, made: Proposal | Paper) -> bool:
    """What an organisation has added, it takes back."""
    return made.organisation_id == actor.organisation_id and permissions.holds_key(actor, made)


permissions.rule(Permission.SCHEDULE_TOUCHPOINT, of_an_open_partnership)
permissions.rule(Permission.CHANGE_TOUCHPOINT, of_ones_own)
permissions.rule(Permission.RECORD_OUTCOME, permissions.holds_key)
permissions.rule(Permission.ANSWER_FOR_ONESELF, of_ones_own_people)
permissions.rule(Permission.ANSWER_FOR_COLLEAGUE, of_ones_own_people)
permissions.rule(Permission.CORRECT_OUTCOME, of_ones_own_record)
permissions.rule(Permission.INVITE_PEOPLE, permissions.holds_key)
permissions.rule(Permission.TAKE_OFF_PERSON, of_ones_own_or_invited_by_us)
permissions.rule(Permission.PROPOSE_TIME, of_another)
permissions.rule(Permission.WITHDRAW_PROPOSAL, that_we_made)
permissions.rule(Permission.ADD_PAPER, permissions.holds_key)
permissions.rule(Permission.REMOVE_PAPER, that_we_made)
