"""Changing a series: all its dates to come, those from one on, or its end.

Dates that have begun never change. Each touchpoint carries its own plan, so that a change of "this
and following" leaves the earlier ones as they are: the series then keeps the new plan, by which
whatever is added later goes, and the earlier dates keep theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from organisations.tenancy.scope import acting
from partnerships.touchpoints import announcements, attendees, proposing, series_announcements
from partnerships.touchpoints.models import Touchpoint, TouchpointSeries, TouchpointState
from partnerships.touchpoints.series_changes import (
    Kept,
    SeriesChange,
    is_coming,
    work_out,
    work_out_settling,
)
from partnerships.touchpoints.series_plans import SeriesPlan
from partnerships.touchpoints.services.planning import CHANGED_MEANWHILE, TIME
from partnerships.touchpoints.services.series import add_dates
from partnerships.touchpoints.services.standing import Recorder, end

REMINDERS_ALONE = ["reminder_minutes"]


@transaction.atomic
def change_series(
    *,
    by: Actor,
    series: TouchpointSeries,
    plan: SeriesPlan,
    since: Touchpoint | None = None,
    based_on: int,
    seen: str | None = None,
) -> TouchpointSeries:
    """Give a series of the acting organisation another plan, and tell everyone once.

    It holds for all dates to come, or from `since` on; a date with a plan of its own keeps it. One
    of an organisation that has left becomes the acting organisation's. `based_on` is the revision
    that the person saw, `seen` the fingerprint of the change they agreed to. Raises
    ValidationError when either is another by now, and as `series_changes.work_out` does.
    """
    current = _locked(by, series, based_on)
    change = work_out(by, current, plan, since=since.ideal_on if since else None)
    _require_seen(change, seen)
    return _carry_out(by, current, change)


@transaction.atomic
def settle_series(
    *, by: Actor, series: TouchpointSeries, based_on: int, seen: str | None = None
) -> TouchpointSeries:
    """Apply the rule of a series to its dates to come that clash: they move, or are left out.

    Raises ValidationError as `change_series` does, and when no date can be put right.
    """
    current = _locked(by, series, based_on)
    change = work_out_settling(by, current)
    _require_seen(change, seen)
    if not change.kept and not change.cancelled:
        raise ValidationError("No date has a clear day near it. Move it by hand, or leave it.")
    return _carry_out(by, current, change)


@transaction.atomic
def end_series(
    *,
    by: Actor,
    series: TouchpointSeries,
    since: Touchpoint | None = None,
    notes: str = "",
    announced_by: Actor | None = None,
) -> TouchpointSeries:
    """Cancel all dates of a series to come, or those from `since` on, and tell everyone once.

    Dates with a plan of their own too. Without any date left the series has ended; otherwise its
    last day is before the first of those cancelled. `notes` go into the record and the e-mails;
    `announced_by` is as in `cancel_touchpoint`. Raises ValidationError when nothing is to come.
    """
    current = _locked(by, series, None)
    coming = [each for each in _dates(current) if is_coming(each) and _is_ours(by, current, each)]
    going = [each for each in coming if since is None or _at_or_after(each, since)]
    if not going:
        raise ValidationError("No date of this series is still to come. Nothing was changed.")
    _take_over(by, current, going)
    was = {each.ref: each.starts_at for each in going}
    for touchpoint in going:
        _cancel(by, touchpoint, notes)
    current.revision += 1
    is_over = len(going) == len(coming)
    if is_over:
        current.ended_at, current.ended_by_id = timezone.now(), by.user_id
    else:
        current.last_on = max(current.first_on, _first_ideal(going) - timedelta(days=1))
    current.save(update_fields=["revision", "ended_at", "ended_by", "last_on"])
    audit.record(
        "series ended" if is_over else "series cut short",
        by=by,
        obj=current,
        changes={"dates": [len(coming), len(coming) - len(going)]},
    )
    if announced_by is None:
        _announce_end(by, current, going, was, notes)
    else:
        with acting(announced_by.scope):
            _announce_end(announced_by, current, going, was, notes)
    return current


def _announce_end(
    by: Actor,
    series: TouchpointSeries,
    going: list[Touchpoint],
    was: dict[str, datetime],
    notes: str,
) -> None:
    for touchpoint in going:
        announcements.announce_cancellation(by=by, touchpoint=touchpoint, with_series=True)
    if series.ended_at is not None:
        series_announcements.announce_end(by=by, series=series, notes=notes)
    else:
        series_announcements.announce_change(by=by, series=series, was=was, notes=notes)


def _locked(by: Actor, series: TouchpointSeries, based_on: int | None) -> TouchpointSeries:
    """The series as it is saved now, and its dates; whoever else changes one waits for us."""
    permissions.require(by, Permission.CHANGE_TOUCHPOINT, series)
    current = (
        TouchpointSeries.objects.select_for_update(of=("self",))
        .select_related("partnership", "author_organisation")
        .get(pk=series.pk)
    )
    list(current.touchpoints.select_for_update().order_by("pk").values_list("pk"))
    if current.ended_at is not None:
        raise ValidationError("This series has been ended already. Nothing was changed.")
    if based_on is not None and based_on != current.revision:
        raise ValidationError(
            "Someone else changed this series while you were writing. Check its dates as they are "
            "now, and save again.",
            code=CHANGED_MEANWHILE,
        )
    return current


def _require_seen(change: SeriesChange, seen: str | None) -> None:
    if seen is not None and seen != change.fingerprint:
        raise ValidationError(
            "Its dates, or days that do not suit, have changed since you looked. Check the dates "
            "as they would be now, and save again.",
            code=CHANGED_MEANWHILE,
        )


def _carry_out(by: Actor, series: TouchpointSeries, change: SeriesChange) -> TouchpointSeries:
    if change.added:
        permissions.require(by, Permission.SCHEDULE_TOUCHPOINT, series.partnership)
    took_over = _take_over(by, series, [each.touchpoint for each in change.kept] + change.cancelled)
    was = {each.touchpoint.ref: each.touchpoint.starts_at for each in change.kept if each.moves} | {
        each.ref: each.starts_at for each in change.cancelled
    }
    fields = _apply_to_series(series, change.plan)
    changed = [done for kept in change.kept if (done := _apply(by, kept, took_over))]
    for touchpoint in change.cancelled:
        _cancel(by, touchpoint, "")
    if not fields and not changed and not change.cancelled and not change.added:
        return series
    quietly = (
        not took_over
        and set(fields) <= set(REMINDERS_ALONE)
        and not (change.added or change.cancelled)
        and not any(each.told for each in changed)
    )
    if not quietly:
        series.revision += 1
    series.save(update_fields=[*fields, "revision"])
    audit.record(
        "series changed",
        by=by,
        obj=series,
        changes={
            "fields": fields,
            "dates": [len(change.kept) + len(change.cancelled), len(change.kept + change.added)],
        },
    )
    _announce(by, changed, change.cancelled)
    names = {str(place): dated for place, dated in enumerate(change.added)}
    if names:
        add_dates(by, series, change.plan, names)
    if not quietly:
        series_announcements.announce_change(by=by, series=series, was=was)
    return series


def _apply_to_series(series: TouchpointSeries, plan: SeriesPlan) -> list[str]:
    """Put the plan into the series; says which fields differ."""
    fields = [name for name, value in plan.fields().items() if getattr(series, name) != value]
    for name in fields:
        setattr(series, name, getattr(plan, name))
    return fields


@dataclass(frozen=True, slots=True)
class Changed:
    """A date that has its new plan; `told`: there is something to tell people of it."""

    touchpoint: Touchpoint
    was: datetime
    fields: list[str]
    told: bool

    @property
    def asks_anew(self) -> bool:
        """Whether what people answered was about another time."""
        return bool(TIME & set(self.fields))


def _apply(by: Actor, kept: Kept, took_over: bool) -> Changed | None:
    """Give a date its new plan; None when nothing of it changes."""
    touchpoint, before = kept.touchpoint, kept.touchpoint.starts_at
    new = {name: getattr(kept.plan, name) for name in kept.plan.__dataclass_fields__}
    new |= {"ideal_on": kept.ideal, "reminder_minutes": kept.reminder_minutes}
    fields = [name for name, value in new.items() if getattr(touchpoint, name) != value]
    told = took_over or bool(set(fields) - {"ideal_on", "reminder_minutes"})
    if not fields and not told:
        return None
    for name in fields:
        setattr(touchpoint, name, new[name])
    touchpoint.revision += told
    touchpoint.save(update_fields=[*fields, "revision"])
    audit.record("touchpoint changed", by=by, obj=touchpoint, changes={"fields": fields})
    return Changed(touchpoint, before, fields, told)


def _announce(by: Actor, changed: list[Changed], cancelled: list[Touchpoint]) -> None:
    """What each date asks the outbox for; the whole is told of in an e-mail about the series."""
    touchpoints = [each.touchpoint for each in changed]
    if touchpoints:
        attendees.follow_contacts(touchpoints[0].partnership, touchpoints)
    anew = [each.touchpoint for each in changed if each.asks_anew]
    attendees.time_has_changed(anew)
    proposing.overtake(anew)
    for each in changed:
        if each.told:
            announcements.announce_change(
                by=by, touchpoint=each.touchpoint, was=each.was, with_series=True
            )
        else:
            announcements.remind_anew(by=by, touchpoint=each.touchpoint)
    for touchpoint in cancelled:
        announcements.announce_cancellation(by=by, touchpoint=touchpoint, with_series=True)


def _cancel(by: Actor, touchpoint: Touchpoint, notes: str) -> None:
    touchpoint.revision += 1
    touchpoint.save(update_fields=["revision"])
    end(Recorder(by), touchpoint, TouchpointState.CANCELLED, notes)


def _take_over(by: Actor, series: TouchpointSeries, touchpoints: list[Touchpoint]) -> bool:
    """Make a series of an organisation that has left the acting organisation's own, with dates."""
    former = series.author_organisation_id
    assert by.organisation_id is not None
    for touchpoint in touchpoints:
        touchpoint.series = series
        touchpoint.partnership = series.partnership
        if touchpoint.author_organisation_id != by.organisation_id:
            touchpoint.author_organisation_id, touchpoint.author_id = by.organisation_id, by.user_id
            touchpoint.save(update_fields=["author_organisation", "author"])
    if former == by.organisation_id:
        return False
    series.author_organisation_id, series.author_id = by.organisation_id, by.user_id
    series.save(update_fields=["author_organisation", "author"])
    audit.record(
        "series taken over",
        by=by,
        obj=series,
        changes={"organisation": [former, by.organisation_id]},
    )
    return True


def _dates(series: TouchpointSeries) -> list[Touchpoint]:
    return list(series.touchpoints.select_related("partnership").order_by("ideal_on", "pk"))


def _is_ours(by: Actor, series: TouchpointSeries, touchpoint: Touchpoint) -> bool:
    """Whether a date is the series', and not yet taken over by another organisation."""
    return touchpoint.author_organisation_id in (series.author_organisation_id, by.organisation_id)


def _at_or_after(touchpoint: Touchpoint, since: Touchpoint) -> bool:
    assert touchpoint.ideal_on is not None
    assert since.ideal_on is not None
    return touchpoint.ideal_on >= since.ideal_on


def _first_ideal(touchpoints: list[Touchpoint]) -> date:
    return min(each.ideal_on for each in touchpoints if each.ideal_on is not None)
