"""Other times for a touchpoint: proposed by a partner or somebody invited, accepted or not.

The organisation that scheduled the touchpoint alone changes its plan. Accepting a proposal is
that change; any other change of the time overtakes what was proposed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from calendars.london import in_london, london_day
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Organisation
from organisations.permissions import Permission
from organisations.tenancy.scope import Scope, acting
from partnerships.touchpoints import proposing
from partnerships.touchpoints.models import (
    Attendee,
    Proposal,
    ProposalState,
    Touchpoint,
    TouchpointState,
)
from partnerships.touchpoints.plans import Plan, checked_plan
from partnerships.touchpoints.services.answers import Noted, is_theirs, organisation_behind
from partnerships.touchpoints.services.planning import CHANGED_MEANWHILE, move_touchpoint
from partnerships.touchpoints.services.standing import locked, require_coming

LONGEST_WORDS = 500
# Each is an e-mail to whoever organises it, also from whoever holds a link.
MOST_PROPOSALS = 10
ANOTHER_WAITS = "another_waits"
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Proposer:
    """Who proposes: somebody signed in, or somebody invited, by their posting."""

    organisation_id: int
    user_id: int | None = None
    posting_id: int | None = None


@transaction.atomic
def propose_time(
    *,
    by: Actor,
    touchpoint: Touchpoint,
    date: date,
    time: time,
    minutes: int,
    words: str = "",
) -> Proposal:
    """Propose another time to the organisation that scheduled a touchpoint, which is told.

    In place of what the same person proposed before; the same again changes nothing. Raises
    ValidationError as `plans.checked_plan` does, for the time that is planned, when a colleague's
    proposal waits for an answer, and once the touchpoint has begun or is no longer scheduled.
    """
    current = locked(by, touchpoint, Permission.PROPOSE_TIME)
    assert by.organisation_id is not None
    who = Proposer(by.organisation_id, user_id=by.user_id)
    return _propose(current, who, (date, time, minutes), words, by)


@transaction.atomic
def propose_by_link(
    *,
    touchpoint: Touchpoint,
    posting_id: int,
    date: date,
    time: time,
    minutes: int,
    words: str = "",
) -> Proposal:
    """The same by the link in somebody's e-mail, or from their calendar.

    Raises Attendee.DoesNotExist for somebody who is no longer invited.
    """
    with acting(Scope(organisation_id=touchpoint.author_organisation_id)):
        current = (
            Touchpoint.objects.select_for_update(of=("self",))
            .select_related("partnership", "author")
            .get(pk=touchpoint.pk)
        )
        # Only now: whoever takes them off holds the touchpoint meanwhile.
        row = Attendee.objects.get(touchpoint=current, posting=posting_id, removed_at=None)
        who = Proposer(row.organisation_id, posting_id=posting_id)
        return _propose(current, who, (date, time, minutes), words, None)


@transaction.atomic
def propose_by_calendar(
    *,
    touchpoint_ref: str,
    posting_id: int,
    sequence: int,
    stamp: datetime,
    address: str,
    starts_at: datetime,
    ends_at: datetime,
    words: str = "",
) -> Noted:
    """Take in another time from a calendar program; the rest is as in `answers.note_reply`.

    Raises ValidationError as `propose_time` does.
    """
    organisation = organisation_behind(touchpoint_ref)
    if organisation is None:
        return Noted.UNKNOWN
    with acting(Scope(organisation_id=organisation)):
        # The touchpoint first, as whoever moves it does: the two would wait for each other.
        Touchpoint.objects.select_for_update().filter(ref=touchpoint_ref).first()
        row = (
            Attendee.objects.select_for_update(of=("self",))
            .select_related("touchpoint__partnership", "touchpoint__author_organisation")
            .filter(touchpoint__ref=touchpoint_ref, posting=posting_id, removed_at=None)
            .first()
        )
        if row is None or not is_theirs(touchpoint_ref, row, address) or _is_shut(row):
            return Noted.UNKNOWN
        touchpoint = row.touchpoint
        if touchpoint.state != TouchpointState.SCHEDULED or touchpoint.has_begun:
            return Noted.OVER
        at = min(stamp, timezone.now())
        if sequence < row.asked_revision or (row.stamp is not None and at < row.stamp):
            return Noted.OLDER
        day, clock, minutes = _on_the_clock(starts_at, ends_at)
        if Proposal.objects.filter(
            touchpoint=touchpoint,
            posting=posting_id,
            state=ProposalState.OPEN,
            starts_at=starts_at,
            minutes=minutes,
        ).exists():
            return Noted.UNCHANGED
        row.stamp = at
        row.save(update_fields=["stamp"])
    propose_by_link(
        touchpoint=touchpoint,
        posting_id=posting_id,
        date=day,
        time=clock,
        minutes=minutes,
        words=words,
    )
    return Noted.TAKEN


def _is_shut(row: Attendee) -> bool:
    """Whether its partnership is closed, or one of the two sides suspended or gone."""
    touchpoint = row.touchpoint
    sides = [row.organisation_id, touchpoint.author_organisation_id]
    shut = Q(suspended_at__isnull=False) | Q(left_at__isnull=False)
    return (
        touchpoint.partnership.closed_at is not None
        or Organisation.objects.filter(shut, pk__in=sides).exists()
    )


def _on_the_clock(starts_at: datetime, ends_at: datetime) -> tuple[date, time, int]:
    """A time of a calendar program as it is proposed here: day, clock and whole minutes."""
    if starts_at <= timezone.now():
        raise ValidationError({"time": "The time must be later than now"})
    length = ends_at - starts_at
    if starts_at.second or starts_at.microsecond or length % A_MINUTE:
        raise ValidationError({"time": "It must begin and end at a whole minute"})
    return london_day(starts_at), in_london(starts_at).time(), length // A_MINUTE


def _propose(
    touchpoint: Touchpoint,
    who: Proposer,
    when: tuple[date, time, int],
    words: str,
    by: Actor | None,
) -> Proposal:
    require_coming(touchpoint)
    day, clock, minutes = when
    plan = checked_plan(kind=touchpoint.kind, date=day, time=clock, minutes=minutes)
    words = words.strip()
    if len(words) > LONGEST_WORDS:
        raise ValidationError({"words": f"It must be {LONGEST_WORDS} characters or fewer"})
    if (plan.starts_at, plan.minutes) == (touchpoint.starts_at, touchpoint.minutes):
        raise ValidationError({"time": "That is the time it is planned for. Propose another one"})
    if (before := _waiting(touchpoint, who)) and _is_the_same(before, who, plan, words):
        return before
    _make_room(touchpoint, who, before)
    proposal = Proposal.objects.create(
        touchpoint=touchpoint,
        partnership_id=touchpoint.partnership_id,
        organisation_id=who.organisation_id,
        proposed_by_id=who.user_id,
        posting_id=who.posting_id,
        starts_at=plan.starts_at,
        minutes=plan.minutes,
        words=words,
    )
    audit.record(
        "time proposed",
        by=by,
        obj=proposal,
        changes={"starts_at": [touchpoint.starts_at.isoformat(), plan.starts_at.isoformat()]},
    )
    proposing.tell_organiser(proposal, touchpoint)
    return proposal


def _waiting(touchpoint: Touchpoint, who: Proposer) -> Proposal | None:
    """What their organisation has proposed, and waits for its answer."""
    found: Proposal | None = Proposal.objects.filter(
        touchpoint=touchpoint, organisation=who.organisation_id, state=ProposalState.OPEN
    ).first()
    return found


def _is_the_same(before: Proposal, who: Proposer, plan: Plan, words: str) -> bool:
    """Whether somebody proposes what they have: a form sent twice is one e-mail."""
    return (
        (before.proposed_by_id, before.posting_id) == (who.user_id, who.posting_id)
        and (before.starts_at, before.minutes) == (plan.starts_at, plan.minutes)
        and before.words == words
    )


def _make_room(touchpoint: Touchpoint, who: Proposer, before: Proposal | None) -> None:
    """Withdraw what the same person proposed before; a colleague's waits for its answer."""
    made = Proposal.objects.filter(touchpoint=touchpoint, organisation=who.organisation_id)
    if made.count() >= MOST_PROPOSALS:
        raise ValidationError(
            f"Your organisation has proposed {MOST_PROPOSALS} times for this touchpoint, the most "
            "there can be. Ring or write to whoever organises it."
        )
    if before is None:
        return
    if (before.proposed_by_id, before.posting_id) != (who.user_id, who.posting_id):
        raise ValidationError(
            f"{before.organisation.name} has proposed another time already, and it waits for an "
            "answer. It can have one at a time.",
            code=ANOTHER_WAITS,
        )
    proposing.close(before, ProposalState.WITHDRAWN)


@transaction.atomic
def accept_proposal(
    *, by: Actor, proposal: Proposal, seen_revision: int | None = None
) -> Touchpoint:
    """Move the touchpoint to a proposed time: everyone gets it, and who proposed it comes.

    `seen_revision` is the plan that the person saw. Raises ValidationError when that has changed
    since, when the proposal has been answered or the time has passed, and as `move_touchpoint`.
    """
    touchpoint = locked(by, proposal.touchpoint, Permission.CHANGE_TOUCHPOINT)
    current = _open(proposal)
    if seen_revision is not None and seen_revision != touchpoint.revision:
        raise ValidationError(
            "This touchpoint has been changed since you opened this page. Look at its plan, then "
            "answer the proposal.",
            code=CHANGED_MEANWHILE,
        )
    proposing.close(current, ProposalState.ACCEPTED, user_id=by.user_id)
    audit.record("proposed time accepted", by=by, obj=current)
    moved = move_touchpoint(by=by, touchpoint=touchpoint, **_plan_at(touchpoint, current))
    proposing.count_as_coming(current, moved)
    return moved


def _plan_at(touchpoint: Touchpoint, proposal: Proposal) -> dict[str, Any]:
    starts_at: datetime = proposal.starts_at
    return {
        "kind": touchpoint.kind,
        "date": london_day(starts_at),
        "time": in_london(starts_at).time(),
        "minutes": proposal.minutes,
        "venue": touchpoint.venue,
        "agenda": touchpoint.agenda,
    }


@transaction.atomic
def decline_proposal(*, by: Actor, proposal: Proposal, words: str = "") -> Proposal:
    """Keep the time as it is, and tell whoever proposed another why."""
    touchpoint = locked(by, proposal.touchpoint, Permission.CHANGE_TOUCHPOINT)
    current = _open(proposal)
    words = words.strip()
    if len(words) > LONGEST_WORDS:
        raise ValidationError({"words": f"It must be {LONGEST_WORDS} characters or fewer"})
    current.answer_words = words
    proposing.close(current, ProposalState.DECLINED, user_id=by.user_id)
    audit.record("proposed time declined", by=by, obj=current)
    proposing.tell_proposer(current, touchpoint, by=by)
    return current


@transaction.atomic
def withdraw_proposal(*, by: Actor, proposal: Proposal) -> Proposal:
    """Take back what one's organisation has proposed; the plan stays."""
    permissions.require(by, Permission.WITHDRAW_PROPOSAL, proposal)
    current = _open(proposal)
    proposing.close(current, ProposalState.WITHDRAWN, user_id=by.user_id)
    audit.record("proposed time withdrawn", by=by, obj=current)
    return current


def _open(proposal: Proposal) -> Proposal:
    # One that has been answered nobody may change, so nobody can hold it either.
    current = Proposal.objects.select_for_update(of=("self",)).filter(pk=proposal.pk).first()
    if current is None:
        answered = Proposal.objects.get(pk=proposal.pk)
        state = ProposalState(answered.state).label.lower()
        raise ValidationError(f"This proposal has been answered: {state}. Nothing was changed.")
    if current.starts_at <= timezone.now():
        raise ValidationError("The proposed time has passed. Nothing was changed.")
    return current
