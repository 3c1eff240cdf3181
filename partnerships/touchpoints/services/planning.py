"""Scheduling, moving and cancelling a touchpoint.

The e-mails about it are asked for in the same transaction (`announcements`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from calendars.london import moment_in_words
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from organisations.tenancy.scope import acting
from partnerships.record.models import Partnership
from partnerships.touchpoints import announcements, attendees, proposing
from partnerships.touchpoints.models import Touchpoint, TouchpointState
from partnerships.touchpoints.models.series import A_DAY
from partnerships.touchpoints.plans import Plan, checked_plan, checked_reminders
from partnerships.touchpoints.services.standing import Recorder, end, locked, require_coming

CHANGED_MEANWHILE = "changed_meanwhile"
# Whoever said that they come said so of these.
TIME = {"starts_at", "minutes"}


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
    reminder_minutes: Collection[int] = (A_DAY,),
) -> Touchpoint:
    """Schedule a touchpoint at a London day and clock time, and invite each named contact.

    Raises ValidationError as `plans.checked_plan` does, and when the same organisation has
    scheduled one of the same kind at the same time.
    """
    permissions.require(by, Permission.SCHEDULE_TOUCHPOINT, partnership)
    plan = checked_plan(
        kind=kind, date=date, time=time, minutes=minutes, venue=venue, agenda=agenda
    )
    return put_down(
        Recorder(by),
        partnership,
        plan,
        author_id=by.user_id,
        reminder_minutes=checked_reminders(reminder_minutes),
    )


def put_down(
    recorder: Recorder,
    partnership: Partnership,
    plan: Plan,
    *,
    author_id: int,
    after: Touchpoint | None = None,
    **more: Any,
) -> Touchpoint:
    """A touchpoint of the acting organisation by a checked plan, with its audit and e-mails.

    Whether it may be scheduled, the caller has asked. `after`: the one before it, whose people
    chosen besides the contacts are invited again. `more`: fields besides the plan.
    """
    by = recorder.actor
    _refuse_repeat(by, partnership, plan)
    assert by.organisation_id is not None
    touchpoint = Touchpoint.objects.create(
        partnership=partnership,
        author_organisation_id=by.organisation_id,
        author_id=author_id,
        kind=plan.kind,
        starts_at=plan.starts_at,
        minutes=plan.minutes,
        venue=plan.venue,
        agenda=plan.agenda,
        **more,
    )
    audit.record(
        "touchpoint scheduled",
        by=recorder.on_record,
        obj=touchpoint,
        changes={"starts_at": [None, plan.starts_at.isoformat()], **recorder.who},
    )
    attendees.follow_contacts(partnership, [touchpoint])
    if after is not None and (chosen := attendees.invite_those_of(after, touchpoint)):
        audit.record(
            "people invited",
            by=recorder.on_record,
            obj=touchpoint,
            changes={"postings": [None, sorted(chosen)], **recorder.who},
        )
    announcements.announce(by=by, touchpoint=touchpoint)
    return touchpoint


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
    reminder_minutes: Collection[int] | None = None,
    based_on: int | None = None,
) -> Touchpoint:
    """Give a touchpoint of the acting organisation another plan, and tell everyone.

    One of an organisation that has left becomes the acting organisation's, with whatever plan.
    A date of a series has a plan of its own from then on. `reminder_minutes` stay unless given.
    Otherwise nothing happens when the plan is the same. `based_on` is the revision that the
    person saw. Raises ValidationError when it has been changed since, is no longer scheduled or has
    begun, and as `plans.checked_plan` does.
    """
    current = locked(by, touchpoint, Permission.CHANGE_TOUCHPOINT)
    require_coming(current)
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
    reminded = reminder_minutes is not None and _remind_at(current, reminder_minutes)
    if not _take_over(by, current) and not changed:
        if reminded:
            _note_reminders(by, current)
        return current
    current.revision += 1
    current.detached = current.series_id is not None
    fields = [*changed, *(["reminder_minutes"] if reminded else [])]
    current.save(update_fields=[*fields, "revision", "detached"])
    audit.record("touchpoint changed", by=by, obj=current, changes={"fields": fields})
    former = attendees.follow_contacts(current.partnership, [current])
    if TIME & set(changed):
        attendees.time_has_changed([current])
        proposing.overtake([current])
    for row in former:
        announcements.announce_taking_off(
            by=by, touchpoint=current, posting_id=row.posting_id, was=was
        )
    announcements.announce_change(by=by, touchpoint=current, was=was)
    return current


def _remind_at(touchpoint: Touchpoint, minutes: Collection[int]) -> bool:
    """Put other reminders into the touchpoint; says whether they differ."""
    reminders = checked_reminders(minutes)
    differ = reminders != sorted(touchpoint.reminder_minutes, reverse=True)
    touchpoint.reminder_minutes = reminders
    return differ


def _note_reminders(by: Actor, touchpoint: Touchpoint) -> None:
    """Only the reminders change: nobody is told but by them. One taken off is found out when it
    is due, so that it can be put back."""
    touchpoint.detached = touchpoint.series_id is not None
    touchpoint.save(update_fields=["reminder_minutes", "detached"])
    audit.record(
        "touchpoint changed", by=by, obj=touchpoint, changes={"fields": ["reminder_minutes"]}
    )
    announcements.remind_anew(by=by, touchpoint=touchpoint)


@transaction.atomic
def cancel_touchpoint(
    *, by: Actor, touchpoint: Touchpoint, notes: str = "", announced_by: Actor | None = None
) -> Touchpoint:
    """Cancel a touchpoint of the acting organisation and tell those who had been invited.

    `notes` goes into the record and the e-mail. `announced_by`: another member on whose behalf
    the e-mails go out, for an organisation that is leaving. Raises ValidationError when it is no
    longer scheduled or has begun.
    """
    current = locked(by, touchpoint, Permission.CHANGE_TOUCHPOINT)
    require_coming(current)
    _take_over(by, current)
    current.revision += 1
    current.save(update_fields=["revision"])
    proposing.overtake([current])
    end(Recorder(by), current, TouchpointState.CANCELLED, notes)
    if announced_by is None:
        announcements.announce_cancellation(by=by, touchpoint=current)
    else:
        with acting(announced_by.scope):
            announcements.announce_cancellation(by=announced_by, touchpoint=current)
    return current


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
