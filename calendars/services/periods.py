"""Writing pressure points: an organisation's own periods, and what it does with national points.

A national point is no row: it is hidden by its key, for one year or for all its years, and changed
by an own period that stands in for it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from calendars.london import day_in_words
from calendars.models import HiddenPoint, OwnPeriod, PeriodKind, Phase, Severity
from calendars.points import point_with_key
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from organisations.visible_text import says_something

CHANGED_MEANWHILE = "changed_meanwhile"
LONGEST_NAME, LONGEST_ADVICE = 120, 300
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
LONGEST = timedelta(days=366)


@transaction.atomic
def add_period(
    *,
    by: Actor,
    name: str,
    kind: str,
    starts_on: date,
    ends_on: date,
    phase: str = Phase.ALL,
    severity: str = Severity.MEDIUM,
    advice: str = "",
    shared: bool = True,
) -> OwnPeriod:
    """Add a pressure point of the acting organisation's own; `ends_on` is included.

    Raises ValidationError, keyed by field, for what cannot be.
    """
    permissions.require(by, Permission.CHANGE_CALENDAR)
    facts = _checked(
        name=name,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        phase=phase,
        severity=severity,
        advice=advice,
        shared=shared,
    )
    return _added(by, facts, "own period added")


@transaction.atomic
def change_period(*, by: Actor, period: OwnPeriod, based_on: int, **facts: Any) -> OwnPeriod:
    """Change an own period; `facts` are those of `add_period`, all of them.

    `based_on` is the revision that the person saw: raises ValidationError (code
    CHANGED_MEANWHILE) when somebody else has changed it since, or has removed it.
    """
    permissions.require(by, Permission.CHANGE_CALENDAR)
    current = _held(by, period, based_on)
    wanted = _checked(**facts)
    changed = sorted(field for field in wanted if getattr(current, field) != wanted[field])
    if not changed:
        return current
    for field in changed:
        setattr(current, field, wanted[field])
    current.revision += 1
    current.save(update_fields=[*changed, "revision"])
    audit.record("own period changed", by=by, obj=current, changes={"fields": changed})
    return current


@transaction.atomic
def remove_period(*, by: Actor, period: OwnPeriod) -> None:
    """Take an own period out of the calendar; one that stood in for a national point gives
    the official one its place again. It is kept, for the record."""
    permissions.require(by, Permission.CHANGE_CALENDAR)
    current = _held(by, period, None)
    current.removed_at = timezone.now()
    current.save(update_fields=["removed_at"])
    audit.record("own period removed", by=by, obj=current)


@transaction.atomic
def change_point(*, by: Actor, key: str, **facts: Any) -> OwnPeriod:
    """Have an own period stand in for the national point of that key and year.

    `facts` are those of `add_period`. Raises ValidationError when one stands in already.
    """
    permissions.require(by, Permission.CHANGE_CALENDAR)
    _known(key)
    try:
        with transaction.atomic():
            return _added(by, {**_checked(**facts), "replaces": key}, "pressure point changed")
    except IntegrityError as problem:
        raise ValidationError(
            "Someone else has changed this pressure point meanwhile. Open it again to see how.",
            code=CHANGED_MEANWHILE,
        ) from problem


@transaction.atomic
def hide_point(*, by: Actor, key: str, every_year: bool) -> HiddenPoint:
    """Hide a national point from the acting organisation's calendar: that year's, or all years'.

    Hiding what is hidden already changes nothing.
    """
    permissions.require(by, Permission.CHANGE_CALENDAR)
    hidden_as = _known(key).stem if every_year else key
    hidden, new = HiddenPoint.objects.get_or_create(
        organisation_id=by.key,
        key=hidden_as,
        shown_again_at=None,
        defaults={"hidden_by_id": by.user_id},
    )
    if new:
        audit.record("pressure point hidden", by=by, obj=hidden, changes={"key": [None, hidden_as]})
    return hidden


@transaction.atomic
def show_point_again(*, by: Actor, key: str) -> None:
    """Show a national point again, whether it was hidden for its year or for all years."""
    permissions.require(by, Permission.CHANGE_CALENDAR)
    keys = [key, _known(key).stem]
    found = HiddenPoint.objects.select_for_update().filter(
        organisation_id=by.key, key__in=keys, shown_again_at=None
    )
    for hidden in found:
        hidden.shown_again_at = timezone.now()
        hidden.save(update_fields=["shown_again_at"])
        audit.record(
            "pressure point shown again", by=by, obj=hidden, changes={"key": [hidden.key, None]}
        )


def _known(key: str) -> Any:
    point = point_with_key(key)
    if point is None:
        raise ValidationError("There is no such pressure point.")
    return point


def _added(by: Actor, facts: dict[str, Any], action: str) -> OwnPeriod:
    period = OwnPeriod.objects.create(organisation_id=by.key, created_by_id=by.user_id, **facts)
    changes = {name: [None, facts[name]] for name in ("kind", "shared")}
    audit.record(action, by=by, obj=period, changes=changes)
    return period


def _held(by: Actor, period: OwnPeriod, based_on: int | None) -> OwnPeriod:
    """The period as it is saved now, locked. What comes from a calendar elsewhere is changed
    there."""
    if period.organisation_id != by.organisation_id:
        raise PermissionDenied("You may not change what another organisation has entered.")
    current = OwnPeriod.objects.select_for_update().get(pk=period.pk)
    if current.subscription_id is not None:
        raise ValidationError("This comes from a calendar elsewhere. Change it there.")
    if current.removed_at is not None:
        raise ValidationError("This has been removed from your calendar already.")
    if based_on is not None and current.revision != based_on:
        raise ValidationError(
            "Someone else changed this while you were writing. What you entered is still below: "
            "check it and save again.",
            code=CHANGED_MEANWHILE,
        )
    return current


def _checked(
    *,
    name: str,
    kind: str,
    starts_on: date,
    ends_on: date,
    phase: str = Phase.ALL,
    severity: str = Severity.MEDIUM,
    advice: str = "",
    shared: bool = True,
) -> dict[str, Any]:
    problems: dict[str, str] = {}
    name, advice = " ".join(name.split()), advice.strip()
    if not says_something(name):
        problems["name"] = "Enter what it is, like mock exams"
    elif len(name) > LONGEST_NAME:
        problems["name"] = f"What it is must be {LONGEST_NAME} characters or fewer"
    if len(advice) > LONGEST_ADVICE:
        problems["advice"] = f"What others should know must be {LONGEST_ADVICE} characters or fewer"
    for field, value, known in (
        ("kind", kind, PeriodKind.values),
        ("phase", phase, Phase.values),
        ("severity", severity, Severity.values),
    ):
        if value not in known:
            problems[field] = "Choose one of these"
    if not EARLIEST <= starts_on <= LATEST:
        problems["starts_on"] = "The first day must be between 2000 and 2100"
    elif ends_on < starts_on:
        problems["ends_on"] = (
            f"The last day must be {day_in_words(starts_on)} or later: it is included"
        )
    elif ends_on - starts_on > LONGEST:
        problems["ends_on"] = "It must last no longer than a year. Add each year by itself"
    if problems:
        raise ValidationError(problems)
    return {
        "name": name,
        "kind": str(kind),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "phase": str(phase),
        "severity": str(severity),
        "advice": advice,
        "shared": shared,
    }
