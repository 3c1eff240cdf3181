"""Who may do what: permissions as data, one question `can(actor, permission, obj)`.

The answer is no unless a rule says yes; an unknown permission raises. There are two sources,
never both at once: the role in the acting organisation, or, for someone who acts as themselves,
a personal grant on that object. Rules about a kind of object, and what its grants allow, are
registered by the app that owns it, so that this floor knows no partnership.
Row-level security stands underneath and answers for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from organisations.actor import Actor
from organisations.models import Role


class Permission(StrEnum):
    """Everything that may be asked for."""

    SEARCH_DIRECTORY = "search the directory"
    ASK_TO_JOIN = "ask to speak for an organisation"
    DECIDE_JOINING = "decide who speaks for an organisation"
    ACCEPT_INVITATION = "accept an invitation to an organisation"
    TRUST_DOMAIN = "say which domains belong to an organisation"
    SUSPEND_ORGANISATION = "suspend or reinstate an organisation"
    SUPPORT_ORGANISATION = "open a support session"
    END_SUPPORT = "end a support session"
    RECORD_SUCCESSION = "record who took over from an organisation"
    ANNOUNCE_CHANGE = "record an announced merger or split"
    REORGANISE = "have records follow a merger or a split"
    EXPORT_RECORDS = "export the organisation's records"
    IMPORT_HISTORY = "import the organisation's history"
    LEAVE_TANDEM = "take the organisation out of Tandem"
    SEE_RECORDS = "see the organisation's records"
    SEE_PEOPLE = "see who belongs to the organisation"
    MANAGE_PEOPLE = "decide who belongs to the organisation"
    SEE_AUDIT = "see the organisation's audit trail"
    OPEN_PARTNERSHIP = "open a partnership"
    SEE_PARTNERSHIP = "see a partnership"
    CHANGE_PARTNERSHIP = "change a partnership"
    LEAVE_PARTNERSHIP = "leave a partnership"
    HAND_PARTNERSHIP = "hand a partnership to another member"
    INVITE_PARTNER = "invite an organisation into a partnership"
    ANSWER_INVITATION = "answer an invitation into a partnership"
    NAME_CONTACT = "name a contact or deputy"
    DESCRIBE_MEMBER = "say what an organisation brings to a partnership"
    RECORD_POSTING = "record a person in a role"
    CORRECT_POSTING = "correct a person's details"
    OFFER_POSTING = "offer a person's details to the directory"
    REPORT_POSTING = "say that a contact of the directory is wrong"
    LOG_CONVERSATION = "log a conversation"
    CHANGE_CONVERSATION = "change or withdraw a conversation"
    SCHEDULE_TOUCHPOINT = "schedule a touchpoint"
    CHANGE_TOUCHPOINT = "change the plan of a touchpoint"
    RECORD_OUTCOME = "record the outcome of a touchpoint"
    ANSWER_FOR_ONESELF = "say whether one comes to a touchpoint"
    ANSWER_FOR_COLLEAGUE = "say whether a colleague comes to a touchpoint"
    CORRECT_OUTCOME = "correct the outcome of a touchpoint"
    INVITE_PEOPLE = "invite people to a touchpoint"
    TAKE_OFF_PERSON = "invite somebody to a touchpoint no longer"
    PROPOSE_TIME = "propose another time for a touchpoint"
    WITHDRAW_PROPOSAL = "withdraw a proposed time"
    ADD_PAPER = "add a paper for a touchpoint"
    REMOVE_PAPER = "remove a paper of a touchpoint"
    PLAN_AGENDA_ITEM = "plan an item for a gateway"
    CHANGE_AGENDA_ITEM = "change or withdraw an item for a gateway"
    RECORD_AGENDA_STEP = "record how far an item for a gateway got"
    ADD_ACTION = "add an action"
    CHANGE_ACTION = "change or close an action"
    START_AGREEMENT = "start an agreement"
    CHANGE_AGREEMENT = "change an agreement"
    REMOVE_AGREEMENT_FILE = "take a file of an agreement out"
    NAME_SIGNATORY = "name who signs an agreement"
    SIGN_AGREEMENT = "sign an agreement"
    OPEN_REVIEW = "open a review"
    ANSWER_REVIEW = "answer a review"
    CLOSE_REVIEW = "close a review"
    CHANGE_AIM = "change the shared priorities and aim"
    COMMENT_ON_AIM = "comment on the shared aim"
    AGREE_AIM = "agree the shared aim for the organisation"
    LOG_WIN = "log a win"
    CHANGE_WIN = "share a win or take it back"
    START_INITIATIVE = "start an initiative"
    SEE_INITIATIVE = "see an initiative"
    CHANGE_INITIATIVE = "change an initiative"
    WITHDRAW_INITIATIVE = "withdraw an initiative"
    ADD_MEASURE = "add a measure"
    CHANGE_MEASURE = "change a measure"
    RECORD_READING = "enter a reading"
    OPEN_READINGS = "open readings that a colleague entered"
    CHOOSE_SMALL_NUMBER_RULE = "choose the rule for small numbers"
    REFLECT = "reflect on an initiative"
    TAKE_REFLECTION_BACK = "take a reflection back"
    SHOW_INITIATIVE = "let a person see an initiative"
    PLAN_SESSION = "plan a session of an initiative"
    CHANGE_SESSION = "move or cancel a session"
    RECORD_ATTENDANCE = "record how many came to a session"
    OPEN_ATTENDANCE = "open the numbers that a colleague recorded"
    ASK_FOR_REVIEW = "ask for a review of an initiative"
    COMMENT_ON_INITIATIVE = "comment on an initiative"
    REVIEW_INITIATIVE = "answer a request to review an initiative"
    GRANT_ACCESS = "give a person access to a partnership"
    END_ACCESS = "end a person's access to a partnership"
    RESET_SECOND_STEP = "reset somebody's second step"
    STEER_OUTBOX = "see what waits to be sent, and retry or drop it"
    GIVE_REGION = "say who manages a region"
    OPEN_DETAILS = "open how to reach somebody"
    ASK_FOR_DETAILS = "ask how to reach somebody"
    CHANGE_NEEDS = "change whom to contact for a need"
    SEE_OFFICIAL_IMPORTS = "see what official files changed"
    BRING_IN_OFFICIAL_FILES = "bring official files in"
    CLAIM_SCHOOLS = "claim the trust's schools"
    DECIDE_CLAIMS = "decide which schools a trust has"
    SHARE_APPROACHES = "let others see with whom the organisation is in touch"
    MANAGE_REGION = "manage this region's directory"
    CHANGE_CALENDAR = "change the organisation's calendar"
    FEED_CALENDAR = "have one's calendar program read dates"
    REVOKE_FEEDS = "end calendar feeds of others"
    PROPOSE_QUIET_PERIOD = "propose a quiet period"
    ANSWER_QUIET_PERIOD = "answer a proposed quiet period"
    WITHDRAW_QUIET_PERIOD = "withdraw a quiet period"


P = Permission
ANYONE_SIGNED_IN = frozenset({P.SEARCH_DIRECTORY, P.ASK_TO_JOIN, P.ACCEPT_INVITATION})
OPERATOR = frozenset(
    {
        P.DECIDE_JOINING,
        P.TRUST_DOMAIN,
        P.SUSPEND_ORGANISATION,
        P.SUPPORT_ORGANISATION,
        P.GIVE_REGION,
        P.CHANGE_NEEDS,
        P.SEE_OFFICIAL_IMPORTS,
        P.BRING_IN_OFFICIAL_FILES,
        P.DECIDE_CLAIMS,
        P.RESET_SECOND_STEP,
        P.STEER_OUTBOX,
        P.RECORD_SUCCESSION,
        P.ANNOUNCE_CHANGE,
        P.REORGANISE,
    }
)
VIEWER = frozenset(
    {
        P.SEE_RECORDS,
        P.SEE_PARTNERSHIP,
        P.SEE_INITIATIVE,
        P.SEE_PEOPLE,
        P.REPORT_POSTING,
        P.OPEN_DETAILS,
        P.FEED_CALENDAR,
        P.ANSWER_FOR_ONESELF,
        P.SIGN_AGREEMENT,
        P.ANSWER_REVIEW,
    }
)
EDITOR = VIEWER | {
    P.OPEN_PARTNERSHIP,
    P.CHANGE_PARTNERSHIP,
    P.INVITE_PARTNER,
    P.ANSWER_INVITATION,
    P.NAME_CONTACT,
    P.DESCRIBE_MEMBER,
    P.RECORD_POSTING,
    P.CORRECT_POSTING,
    P.OFFER_POSTING,
    P.ASK_FOR_DETAILS,
    P.LOG_CONVERSATION,
    P.CHANGE_CONVERSATION,
    P.SCHEDULE_TOUCHPOINT,
    P.CHANGE_TOUCHPOINT,
    P.RECORD_OUTCOME,
    P.ANSWER_FOR_COLLEAGUE,
    P.CORRECT_OUTCOME,
    P.INVITE_PEOPLE,
    P.TAKE_OFF_PERSON,
    P.PROPOSE_TIME,
    P.WITHDRAW_PROPOSAL,
    P.ADD_PAPER,
    P.REMOVE_PAPER,
    P.PLAN_AGENDA_ITEM,
    P.CHANGE_AGENDA_ITEM,
    P.RECORD_AGENDA_STEP,
    P.ADD_ACTION,
    P.CHANGE_ACTION,
    P.START_AGREEMENT,
    P.CHANGE_AGREEMENT,
    P.REMOVE_AGREEMENT_FILE,
    P.NAME_SIGNATORY,
    P.OPEN_REVIEW,
    P.CLOSE_REVIEW,
    P.CHANGE_AIM,
    P.COMMENT_ON_AIM,
    P.AGREE_AIM,
    P.LOG_WIN,
    P.CHANGE_WIN,
    P.START_INITIATIVE,
    P.CHANGE_INITIATIVE,
    P.WITHDRAW_INITIATIVE,
    P.ADD_MEASURE,
    P.CHANGE_MEASURE,
    P.RECORD_READING,
    P.REFLECT,
    P.TAKE_REFLECTION_BACK,
    P.PLAN_SESSION,
    P.CHANGE_SESSION,
    P.RECORD_ATTENDANCE,
    P.ASK_FOR_REVIEW,
    P.COMMENT_ON_INITIATIVE,
    P.REVIEW_INITIATIVE,
    P.END_ACCESS,
    P.CHANGE_CALENDAR,
    P.PROPOSE_QUIET_PERIOD,
    P.ANSWER_QUIET_PERIOD,
    P.WITHDRAW_QUIET_PERIOD,
}
MANAGER = EDITOR | {
    P.MANAGE_PEOPLE,
    P.SEE_AUDIT,
    P.GRANT_ACCESS,
    P.SHOW_INITIATIVE,
    P.OPEN_READINGS,
    P.CHOOSE_SMALL_NUMBER_RULE,
    P.OPEN_ATTENDANCE,
    P.END_SUPPORT,
    P.EXPORT_RECORDS,
    P.IMPORT_HISTORY,
    P.LEAVE_TANDEM,
    P.LEAVE_PARTNERSHIP,
    P.HAND_PARTNERSHIP,
    P.SHARE_APPROACHES,
    P.CLAIM_SCHOOLS,
    P.REVOKE_FEEDS,
}
# An operator in a support session: reads, and nothing else.
SUPPORT = frozenset({P.SEE_RECORDS, P.SEE_PARTNERSHIP, P.SEE_INITIATIVE})
OF_ROLE: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: VIEWER,
    Role.EDITOR: EDITOR,
    Role.MANAGER: MANAGER,
}

Rule = Callable[[Actor, Any], bool]
_rules: dict[Permission, Rule] = {}
_grant_rules: dict[Permission, Rule] = {}
# Permissions that are about the acting organisation itself and need no object.
WITHOUT_OBJECT = (
    ANYONE_SIGNED_IN
    | OPERATOR
    | {
        P.SEE_RECORDS,
        P.SEE_PEOPLE,
        P.MANAGE_PEOPLE,
        P.SEE_AUDIT,
        P.OPEN_PARTNERSHIP,
        P.RECORD_POSTING,
        P.OPEN_DETAILS,
        P.ASK_FOR_DETAILS,
        P.END_SUPPORT,
        P.EXPORT_RECORDS,
        P.IMPORT_HISTORY,
        P.LEAVE_TANDEM,
        P.SHARE_APPROACHES,
        P.CLAIM_SCHOOLS,
        P.CHANGE_CALENDAR,
        P.FEED_CALENDAR,
        P.REVOKE_FEEDS,
    }
)


def rule(permission: Permission, about: Rule) -> None:
    """Register what must also hold of the object: `about(actor, obj)`. Once per permission.

    Raises ValueError when the permission already has another rule.
    """
    if _rules.get(permission, about) is not about:
        raise ValueError(f"{permission!r} already has a rule")
    _rules[permission] = about


def grant_rule(permission: Permission, held: Rule) -> None:
    """Register what a personal grant allows: `held(actor, obj)`. Once per permission.

    Raises ValueError when the permission already has another such rule.
    """
    if _grant_rules.get(permission, held) is not held:
        raise ValueError(f"{permission!r} already has a rule about grants")
    _grant_rules[permission] = held


def can(actor: Actor | None, permission: Permission, obj: Any = None) -> bool:
    """Say whether `actor` may do it to `obj`. Denies by default.

    Raises ValueError for a permission that does not exist, or one that is about an object
    and has been asked for without its rule.
    """
    permission = Permission(permission)
    if actor is None:
        return False
    if permission in ANYONE_SIGNED_IN:
        return True
    if permission in OPERATOR:
        return actor.is_operator
    if actor.organisation is None:
        held = _grant_rules.get(permission)
        return held is not None and obj is not None and held(actor, obj)
    if permission not in _of(actor):
        return False
    if permission in WITHOUT_OBJECT:
        return True
    if permission not in _rules:
        raise ValueError(f"no rule says of what kind of object {permission!r} is asked")
    return obj is not None and _rules[permission](actor, obj)


def _of(actor: Actor) -> frozenset[Permission]:
    """What an actor may do for the acting organisation."""
    if actor.support is not None:
        return SUPPORT
    return frozenset() if actor.role is None else OF_ROLE[Role(actor.role)]


def require(actor: Actor | None, permission: Permission, obj: Any = None) -> None:
    """Raise PermissionDenied, naming what was asked for, unless `actor` may do it."""
    if not can(actor, permission, obj):
        raise PermissionDenied(f"You may not {permission.value}.")


class Hidden(Http404):
    """Refused to a stranger, who sees no more than that there is no such page. Put on record."""


def hide_unless(actor: Actor | None, permission: Permission, obj: Any = None) -> None:
    """Raise Hidden, naming what was asked for, unless `actor` may do it."""
    if not can(actor, permission, obj):
        raise Hidden(permission.value)


def holds_key(actor: Actor, obj: Any) -> bool:
    """Whether the acting organisation is among those that may see a record (its `acl`)."""
    return actor.organisation_id is not None and actor.organisation_id in obj.acl
