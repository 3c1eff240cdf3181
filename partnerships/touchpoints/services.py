"""Scheduling, moving and cancelling touchpoints and recording their outcome: every write.

The e-mails about them are asked for in the same transaction (`announcements`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calendars.london import day_in_words, moment_in_words
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from organisations.tenancy.scope import acting
from partnerships.record.models import Partnership
from partnerships.touchpoints import announcements
from partnerships.touchpoints.models import Touchpoint, TouchpointState
from partnerships.touchpoints.plans import Plan, checked_plan

OUTCOMES = (TouchpointState.HELD, TouchpointState.MISSED, TouchpointState.CANCELLED)
LONGEST_NOTES = 4000
MOST_OF_A_SERIES = 24
CHANGED_MEANWHILE = "changed_meanwhile"


@transaction.atomic
def schedule_touchpoint(
    *,
    by: Actor,
    partnership: Partnership,
    kind: str,
    date: date,
    time: time,
    minutes: int = 30,
    venue: str = "",
    agenda: str = "",
) -> Touchpoint:
    """Schedule a touchpoint at a London day and clock time, and invite each named contact.

    Raises ValidationError as `plans.checked_plan` does, and when the same organisation has
    scheduled one of the same kind at the same time.
    """
    permissions.require(by, Permission.SCHEDULE_TOUCHPOINT, partnership)
    plan = checked_plan(
        kind=kind, date=date, time=time, minutes=minutes, venue=venue, agenda=agenda
    )
    _refuse_repeat(by, partnership, plan)
    assert by.organisation_id is not None
    touchpoint = Touchpoint.objects.create(
        partnership=partnership,
        author_organisation_id=by.organisation_id,
        author_id=by.user_id,
        kind=plan.kind,
        starts_at=plan.starts_at,
        minutes=plan.minutes,
        venue=plan.venue,
        agenda=plan.agenda,
    )
    audit.record(
        "touchpoint scheduled",
        by=by,
        obj=touchpoint,
        changes={"starts_at": [None, plan.starts_at.isoformat()]},
    )
    announcements.announce(by=by, touchpoint=touchpoint)
    return touchpoint


@transaction.atomic
def schedule_series(
    *, by: Actor, partnership: Partnership, days: Mapping[str, date], **plan: Any
) -> list[Touchpoint]:
    """Schedule several touchpoints that differ in their day alone: all of them, or none.

    `days` under the names by which a refusal speaks of them; `plan` as `schedule_touchpoint` takes
    it. Raises ValidationError, keyed by the name of the day that cannot be.
    """
    permissions.require(by, Permission.SCHEDULE_TOUCHPOINT, partnership)
    if not 0 < len(days) <= MOST_OF_A_SERIES:
        raise ValidationError(f"Schedule between 1 and {MOST_OF_A_SERIES} touchpoints at once")
    scheduled = []
    for name, day in days.items():
        try:
            scheduled.append(schedule_touchpoint(by=by, partnership=partnership, date=day, **plan))
        except ValidationError as refusal:
            words = f"{day_in_words(day)}: {' '.join(refusal.messages)}"
            raise ValidationError({name: words}) from refusal
    return scheduled


def _refuse_repeat(by: Actor, partnership: Partnership, plan: Plan) -> None:
    """Going back in the browser shows the plan again in a new form, which its key cannot tell."""
    the_same = Touchpoint.objects.filter(
        partnership=partnership,
        author_organisation_id=by.organisation_id,
        kind=plan.kind,
        starts_at=plan.starts_at,
        state=TouchpointState.SCHEDULED,
    )
    if the_same.exists():
        raise ValidationError(
            {"time": "You have scheduled this sort of touchpoint for this time already"},
            code="repeated",
        )


@transaction.atomic
def move_touchpoint(
    *,
    by: Actor,
    touchpoint: Touchpoint,
    kind: str,
    date: date,
    time: time,
    minutes: int,
    venue: str,
    agenda: str,
    based_on: int | None = None,
) -> Touchpoint:
    """Give a touchpoint of the acting organisation another plan, and tell everyone.

    One of an organisation that has left becomes the acting organisation's, with whatever plan.
    Otherwise nothing happens when the plan is the same. `based_on` is the revision that the
    person saw. Raises ValidationError when it has been changed since, is no longer scheduled or has
    begun, and as `plans.checked_plan` does.
    """
    current = _locked(by, touchpoint, Permission.CHANGE_TOUCHPOINT)
    _require_coming(current)
    if based_on is not None and based_on != current.revision:
        raise ValidationError(
            "Someone else changed this touchpoint while you were writing: it is now on "
            f"{moment_in_words(current.starts_at)}. Check your changes and save again.",
            code=CHANGED_MEANWHILE,
        )
    plan = checked_plan(
        kind=kind, date=date, time=time, minutes=minutes, venue=venue, agenda=agenda
    )
    was, changed = current.starts_at, _apply(current, plan)
    if not _take_over(by, current) and not changed:
        return current
    current.revision += 1
    current.save(update_fields=[*changed, "revision"])
    audit.record("touchpoint changed", by=by, obj=current, changes={"fields": changed})
    announcements.announce_change(by=by, touchpoint=current, was=was)
    return current


@transaction.atomic
def cancel_touchpoint(
    *, by: Actor, touchpoint: Touchpoint, notes: str = "", announced_by: Actor | None = None
) -> Touchpoint:
    """Cancel a touchpoint of the acting organisation and tell those who had been invited.

    `notes` goes into the record and the e-mail. `announced_by`: another member on whose behalf
    the e-mails go out, for an organisation that is leaving. Raises ValidationError when it is no
    longer scheduled or has begun.
    """
    current = _locked(by, touchpoint, Permission.CHANGE_TOUCHPOINT)
    _require_coming(current)
    _take_over(by, current)
    current.revision += 1
    current.save(update_fields=["revision"])
    _end(by, current, TouchpointState.CANCELLED, notes)
    if announced_by is None:
        announcements.announce_cancellation(by=by, touchpoint=current)
    else:
        with acting(announced_by.scope):
            announcements.announce_cancellation(by=announced_by, touchpoint=current)
    return current


@transaction.atomic
def record_outcome(
    *, by: Actor, touchpoint: Touchpoint, outcome: str, notes: str = ""
) -> Touchpoint:
    """Record what became of a touchpoint: held, missed or cancelled. Any member may.

    One that is still to come can only be cancelled, by the organisation that scheduled it.
    Raises ValidationError for that, for an unknown outcome, and when one is recorded already.
    """
    if outcome not in OUTCOMES:
        raise ValidationError({"outcome": "Choose what became of it"})
    current = _locked(by, touchpoint, Permission.RECORD_OUTCOME)
    _require_scheduled(current)
    if current.starts_at > timezone.now():
        if outcome != TouchpointState.CANCELLED:
            begins = moment_in_words(current.starts_at)
            raise ValidationError(
                {"outcome": f"It has not begun yet. Record its outcome after {begins}"}
            )
        return cancel_touchpoint(by=by, touchpoint=current, notes=notes)
    _end(by, current, TouchpointState(outcome), notes)
    announcements.call_off(current)
    return current


@transaction.atomic
def bring_up_to_date(*, by: Actor, partnership: Partnership) -> int:
    """Invite to the coming touchpoints whoever has become a contact since; says how many.

    Follows the naming or correcting of a contact, whose service has asked whether the actor
    may; only touchpoints that the actor's organisation sees are told of. Doing it again
    changes nothing.
    """
    coming = Touchpoint.objects.select_for_update().filter(
        partnership=partnership,
        acl__overlap=[by.organisation_id],
        state=TouchpointState.SCHEDULED,
        starts_at__gt=timezone.now(),
    )
    invited = 0
    for touchpoint in coming:
        touchpoint.partnership = partnership
        invited += announcements.announce_to_newcomers(by=by, touchpoint=touchpoint)
    return invited


def _locked(by: Actor, touchpoint: Touchpoint, permission: Permission) -> Touchpoint:
    """The touchpoint as it is saved now; whoever else changes it waits for us."""
    permissions.require(by, permission, touchpoint)
    return (
        Touchpoint.objects.select_for_update(of=("self",))
        .select_related("partnership", "outcome_organisation")
        .get(pk=touchpoint.pk)
    )


def _require_scheduled(touchpoint: Touchpoint) -> None:
    if touchpoint.state == TouchpointState.SCHEDULED:
        return
    assert touchpoint.outcome_organisation is not None
    raise ValidationError(
        f"{touchpoint.outcome_organisation.name} has already recorded that this touchpoint was "
        f"{touchpoint.get_state_display().lower()}. Nothing was changed."
    )


def _require_coming(touchpoint: Touchpoint) -> None:
    _require_scheduled(touchpoint)
    if touchpoint.starts_at <= timezone.now():
        raise ValidationError(
            f"It began on {moment_in_words(touchpoint.starts_at)}: its plan can no longer be "
            "changed. Record its outcome instead."
        )


def _take_over(by: Actor, touchpoint: Touchpoint) -> bool:
    """Make a touchpoint of an organisation that has left the acting organisation's own."""
    former = touchpoint.author_organisation_id
    if former == by.organisation_id:
        return False
    assert by.organisation_id is not None
    touchpoint.author_organisation_id = by.organisation_id
    touchpoint.author_id = by.user_id
    touchpoint.save(update_fields=["author_organisation", "author"])
    audit.record(
        "touchpoint taken over",
        by=by,
        obj=touchpoint,
        changes={"organisation": [former, by.organisation_id]},
    )
    return True


def _apply(touchpoint: Touchpoint, plan: Plan) -> list[str]:
    """Put the plan into the touchpoint; says which fields differ."""
    new: dict[str, Any] = {name: getattr(plan, name) for name in Plan.__dataclass_fields__}
    changed = [name for name, value in new.items() if getattr(touchpoint, name) != value]
    for name in changed:
        setattr(touchpoint, name, new[name])
    return changed


def _end(by: Actor, touchpoint: Touchpoint, state: TouchpointState, notes: str) -> None:
    notes = notes.strip()
    if len(notes) > LONGEST_NOTES:
        raise ValidationError({"notes": f"Notes must be {LONGEST_NOTES:,} characters or fewer"})
    touchpoint.state = state
    touchpoint.outcome_notes = notes
    touchpoint.outcome_at = timezone.now()
    touchpoint.outcome_by_id = by.user_id
    touchpoint.outcome_organisation_id = by.organisation_id
    touchpoint.save(
        update_fields=["state", "outcome_notes", "outcome_at", "outcome_by", "outcome_organisation"]
    )
    audit.record(
        "outcome recorded", by=by, obj=touchpoint, changes={"state": ["scheduled", str(state)]}
    )
