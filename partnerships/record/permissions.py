"""Who may do what to a partnership and to an organisation's place in it."""

from __future__ import annotations

from organisations.actor import Actor
from organisations.permissions import Permission, grant_rule, holds_key, rule
from partnerships.record import grants
from partnerships.record.models import Member, MemberState, Partnership

BEFORE_ACCEPTANCE = (MemberState.RECORDED, MemberState.INVITED)


def owns(actor: Actor, partnership: Partnership) -> bool:
    """Whether the actor's organisation looks after the partnership, and it is not closed."""
    return partnership.closed_at is None and partnership.owner_id == actor.organisation_id


def opened(actor: Actor, partnership: Partnership) -> bool:
    """Whether the actor's organisation looks after the partnership, closed or not."""
    return partnership.owner_id == actor.organisation_id


def answers_for(actor: Actor, member: Member) -> bool:
    """Whether the membership is the actor's own: an organisation answers for itself."""
    return member.organisation_id == actor.organisation_id


def speaks_for(actor: Actor, member: Member) -> bool:
    """A member speaks for itself; the owner for an organisation that has not accepted yet."""
    if member.partnership.closed_at is not None:
        return False
    if member.organisation_id == actor.organisation_id:
        return member.state == MemberState.ACCEPTED
    return member.partnership.owner_id == actor.organisation_id and (
        member.state in BEFORE_ACCEPTANCE
    )


def may_leave(actor: Actor, member: Member) -> bool:
    """A member leaves for itself; whoever looks after the partnership hands it over first."""
    return (
        member.organisation_id == actor.organisation_id
        and member.state == MemberState.ACCEPTED
        and member.partnership.owner_id != member.organisation_id
    )


rule(Permission.SEE_PARTNERSHIP, holds_key)
rule(Permission.LEAVE_PARTNERSHIP, may_leave)
rule(Permission.HAND_PARTNERSHIP, owns)
rule(Permission.CHANGE_PARTNERSHIP, owns)
rule(Permission.INVITE_PARTNER, owns)
rule(Permission.ANSWER_INVITATION, answers_for)
rule(Permission.NAME_CONTACT, speaks_for)
rule(Permission.DESCRIBE_MEMBER, speaks_for)
rule(Permission.GRANT_ACCESS, owns)
rule(Permission.END_ACCESS, opened)
grant_rule(Permission.SEE_PARTNERSHIP, grants.may_see)
grant_rule(Permission.CHANGE_PARTNERSHIP, grants.may_change)
