"""Recording what became of a touchpoint, and correcting what was recorded wrongly.

Whoever records it is signed in, or is somebody invited who holds the link of an e-mail
(`partnerships.touchpoints.outcome_links`): then the `posting` is on record in place of a user.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calendars.london import in_london, moment_in_words
from contacts.models import Posting
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.actions.services import Line, add_actions, add_actions_by_link
from partnerships.touchpoints import announcements
from partnerships.touchpoints.attendees import people_invited
from partnerships.touchpoints.models import Attendee, Touchpoint, TouchpointState
from partnerships.touchpoints.outcome_asking import RECORDED, tell_the_others
from partnerships.touchpoints.plans import checked_plan
from partnerships.touchpoints.services.planning import cancel_touchpoint, put_down
from partnerships.touchpoints.services.standing import (
    Recorder,
    end,
    locked,
    locked_row,
    require_scheduled,
)

OUTCOMES = (
    TouchpointState.HELD,
    TouchpointState.MOVED,
    TouchpointState.MISSED,
    TouchpointState.CANCELLED,
)
CORRECTED_WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is said of a touchpoint that is over.

    `came`: ids of the attendees who came; empty when nobody said. `next_date` and `next_time` are
    London's: of the day it is moved to, or of the next touchpoint.
    """

    state: str
    notes: str = ""
    came: Collection[int] = ()
    next_date: date | None = None
    next_time: time | None = None
    actions: Sequence[Line] = ()


@transaction.atomic
def record_outcome(
    *,
    by: Actor,
    touchpoint: Touchpoint,
    outcome: str,
    notes: str = "",
    came: Collection[int] = (),
    next_date: date | None = None,
    next_time: time | None = None,
    actions: Sequence[Line] = (),
) -> Touchpoint:
    """Record what became of a touchpoint: held, moved, missed or cancelled. Any member may.

    With a next date another one is scheduled: in place of this one, unless it was held, and at
    the same time of day unless `next_time` says another. `actions` are added to the partnership.
    One that is still to come can only be cancelled, by the organisation that scheduled it. Raises
    ValidationError for that, for an unknown outcome, for a moved one without a new date, for a
    date that cannot be, and when an outcome is recorded already.
    """
    said = _checked(Outcome(outcome, notes, came, next_date, next_time, actions))
    current = locked(by, touchpoint, Permission.RECORD_OUTCOME)
    require_scheduled(current)
    if current.starts_at > timezone.now() and outcome == TouchpointState.CANCELLED:
        return cancel_touchpoint(by=by, touchpoint=current, notes=notes)
    return _record(Recorder(by), current, said)


@transaction.atomic
def record_as_invited(
    *, on_behalf_of: Actor, posting: Posting, touchpoint: Touchpoint, said: Outcome
) -> Touchpoint:
    """The same by somebody invited who is not signed in, whose link the caller has checked.

    `on_behalf_of` is nobody in particular of the organisation that scheduled it, in whose scope
    this works; what is scheduled next is scheduled by whoever scheduled this one.
    """
    said = _checked(said)
    current = locked_row(touchpoint)
    require_scheduled(current)
    return _record(Recorder(on_behalf_of, posting), current, said)


@transaction.atomic
def correct_outcome(
    *,
    by: Actor,
    touchpoint: Touchpoint,
    outcome: str,
    notes: str = "",
    came: Collection[int] = (),
    next_date: date | None = None,
    next_time: time | None = None,
) -> Touchpoint:
    """Put right what the acting organisation recorded within the last fourteen days.

    What had been scheduled with it stays planned. Raises ValidationError as `record_outcome` does,
    and when nothing is recorded, or it is too late.
    """
    said = Outcome(outcome, notes, came, next_date, next_time)
    current = locked(by, touchpoint, Permission.CORRECT_OUTCOME)
    if not may_be_corrected(current):
        raise ValidationError(
            f"An outcome can be corrected for {CORRECTED_WITHIN.days} days after it was recorded, "
            "unless the touchpoint was cancelled beforehand."
        )
    has_another = Touchpoint.objects.filter(replaces=current).exists()
    said = _checked(said, has_another=has_another)
    if has_another and said.next_date is not None:
        raise ValidationError({"next_date": "It was moved already: change the new day instead"})
    changed = {"outcome_notes": "changed"} if said.notes.strip() != current.outcome_notes else {}
    end(
        Recorder(by),
        current,
        TouchpointState(said.state),
        said.notes,
        action="outcome corrected",
        changes=changed,
    )
    _note_who_came(current, said)
    _schedule_next(Recorder(by), current, said)
    if current.outcome_notes or announcements.received(current.ref, [RECORDED]):
        _tell_the_others(Recorder(by), current)
    return current


def may_be_corrected(touchpoint: Touchpoint) -> bool:
    """Whether its outcome was recorded lately, and not before it began."""
    at = touchpoint.outcome_at
    if at is None or at < touchpoint.starts_at:
        return False
    return bool(at > timezone.now() - CORRECTED_WITHIN)


def _checked(said: Outcome, *, has_another: bool = False) -> Outcome:
    if said.state not in OUTCOMES:
        raise ValidationError({"outcome": "Choose what became of it"})
    if said.state == TouchpointState.MOVED and not has_another and said.next_date is None:
        raise ValidationError({"next_date": "Enter the day it is moved to"})
    if said.next_date is None and said.next_time is not None:
        raise ValidationError({"next_date": "Enter the day too"})
    return said


def _record(recorder: Recorder, current: Touchpoint, said: Outcome) -> Touchpoint:
    if current.starts_at > timezone.now():
        begins = moment_in_words(current.starts_at)
        raise ValidationError(
            {"outcome": f"It has not begun yet. Record its outcome after {begins}"}
        )
    end(recorder, current, TouchpointState(said.state), said.notes)
    _note_who_came(current, said)
    announcements.call_off(current)
    _schedule_next(recorder, current, said)
    _add_actions(recorder, current, said)
    if current.outcome_notes:
        _tell_the_others(recorder, current)
    return current


def _add_actions(recorder: Recorder, touchpoint: Touchpoint, said: Outcome) -> None:
    """What is to be done next; whoever is to do it hears of it by an e-mail of its own."""
    if not said.actions:
        return
    partnership, origin = touchpoint.partnership, f"t-{touchpoint.ref}"
    if recorder.posting is None:
        add_actions(by=recorder.actor, partnership=partnership, lines=said.actions, origin=origin)
        return
    assert recorder.actor.organisation_id is not None
    add_actions_by_link(
        organisation_id=recorder.actor.organisation_id,
        posting=recorder.posting,
        partnership=partnership,
        lines=said.actions,
        origin=origin,
    )


def _tell_the_others(recorder: Recorder, touchpoint: Touchpoint) -> None:
    """An e-mail to those invited by the other organisations."""
    posting = recorder.posting
    tell_the_others(
        by=recorder.actor,
        touchpoint=touchpoint,
        people=people_invited(touchpoint),
        side=posting.organisation_id if posting else recorder.actor.organisation_id,
    )


def _note_who_came(touchpoint: Touchpoint, said: Outcome) -> None:
    """Who was there; of one that was not held, and when nobody is named, nothing is known."""
    invited = Attendee.objects.filter(touchpoint=touchpoint, removed_at=None)
    if said.state != TouchpointState.HELD or not said.came:
        invited.exclude(came=None).update(came=None)
        return
    invited.filter(pk__in=said.came).update(came=True)
    invited.exclude(pk__in=said.came).update(came=False)


def _schedule_next(recorder: Recorder, touchpoint: Touchpoint, said: Outcome) -> None:
    """Put down the next one, like this one; in its place unless it was held."""
    if said.next_date is None:
        return
    try:
        plan = checked_plan(
            kind=touchpoint.kind,
            date=said.next_date,
            time=said.next_time or in_london(touchpoint.starts_at).time(),
            minutes=touchpoint.minutes,
            venue=touchpoint.venue,
            agenda=touchpoint.agenda,
        )
        put_down(
            recorder,
            touchpoint.partnership,
            plan,
            author_id=touchpoint.author_id if recorder.posting else recorder.actor.user_id,
            after=touchpoint,
            replaces=None if said.state == TouchpointState.HELD else touchpoint,
            reminder_minutes=touchpoint.reminder_minutes,
        )
    except ValidationError as refusal:
        raise _about_the_next(refusal) from refusal


def _about_the_next(refusal: ValidationError) -> ValidationError:
    """The plan's refusal, under the names that the outcome's form has."""
    if not hasattr(refusal, "error_dict"):
        return refusal
    return ValidationError(
        {
            f"next_{name}" if name in ("date", "time") else name: problems
            for name, problems in refusal.error_dict.items()
        }
    )
