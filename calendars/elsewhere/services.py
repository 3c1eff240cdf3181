"""Bringing calendar files in, and saying which addresses the worker reads.

What is read at an address is written by the worker (`calendars.elsewhere.applying`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from calendars.elsewhere import applying
from calendars.ics.addresses import AddressError, read_address
from calendars.ics.found import busy_back, busy_in, busy_kept, terms_kept
from calendars.ics.limits import window
from calendars.ics.reading import CalendarError, read
from calendars.ics.terms_from_events import NoTermDates
from calendars.london import today
from calendars.models import CalendarFile, GivenBy, OwnPeriod, Purpose, Subscription
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.guard_rail import find_identifiers
from organisations.models import Kind, Organisation, School
from organisations.permissions import Permission
from organisations.visible_text import in_reading_order, says_something

LONGEST_NAME = 120
MOST_ADDRESSES = 20
# A council's dates are those of schools in its area that have none of their own.
WITH_TERMS = (Kind.SCHOOL_TRUST, Kind.SCHOOL, Kind.COUNCIL)


@transaction.atomic
def bring_in_file(
    *, by: Actor, purpose: str, subject: Organisation, name: str, content: bytes
) -> CalendarFile:
    """Read a calendar file and keep what it says until somebody has chosen; not the file itself.

    Raises ValidationError, keyed `calendar`, saying why it cannot be read.
    """
    permissions.require(by, Permission.CHANGE_CALENDAR)
    assert by.organisation_id is not None
    _about(by, Purpose(purpose), subject)
    try:
        found = _found(Purpose(purpose), content)
    except (CalendarError, NoTermDates) as problem:
        raise ValidationError({"calendar": str(problem).rstrip(".")}) from problem
    file = CalendarFile.objects.create(
        organisation_id=by.organisation_id,
        subject=subject,
        purpose=purpose,
        name=_file_name(name),
        found=found,
        created_by_id=by.user_id,
    )
    audit.record("calendar file brought in", by=by, obj=file, changes={"purpose": [None, purpose]})
    return file


@transaction.atomic
def take_from_file(
    *, by: Actor, file: CalendarFile, keys: Collection[str], shared: bool
) -> CalendarFile:
    """Take the chosen busy periods of a file into the organisation's calendar, once.

    Raises ValidationError, keyed `periods`, when none is chosen or they were taken already.
    """
    permissions.require(by, Permission.CHANGE_CALENDAR)
    current = _held_file(by, file)
    if current.taken_at is not None or current.purpose != Purpose.BUSY:
        raise ValidationError({"periods": "These were taken into your calendar already"})
    chosen = [each for each in busy_back(current.found).periods if each.key in set(keys)]
    if not chosen:
        raise ValidationError({"periods": "Choose at least one period"})
    OwnPeriod.objects.bulk_create(
        [
            applying.period_for(
                each,
                organisation_id=current.organisation_id,
                person_id=by.user_id,
                shared=shared,
                given_by=GivenBy.ICS_FILE,
                file=current,
            )
            for each in chosen
        ]
    )
    current.taken_at = timezone.now()
    current.save(update_fields=["taken_at"])
    audit.record(
        "busy periods taken from a file",
        by=by,
        obj=current,
        changes={"periods": len(chosen), "shared": [None, shared]},
    )
    return current


@transaction.atomic
def undo_file(*, by: Actor, file: CalendarFile) -> int:
    """Take what came from a file out of the calendar again; says how many periods went."""
    permissions.require(by, Permission.CHANGE_CALENDAR)
    current = _held_file(by, file)
    if current.undone_at is not None:
        raise ValidationError("This was undone already.")
    now = timezone.now()
    gone = OwnPeriod.objects.filter(file=current, removed_at=None).update(removed_at=now)
    current.undone_at = now
    current.save(update_fields=["undone_at"])
    audit.record("calendar file undone", by=by, obj=current, changes={"periods": gone})
    return gone


@transaction.atomic
def add_address(
    *, by: Actor, purpose: str, subject: Organisation, name: str, url: str, shared: bool
) -> Subscription:
    """Have the calendar at an address read from now on, every hour.

    Raises ValidationError, keyed by field.
    """
    permissions.require(by, Permission.CHANGE_CALENDAR)
    assert by.organisation_id is not None
    _about(by, Purpose(purpose), subject)
    try:
        plain = read_address(url).url
    except AddressError as problem:
        raise ValidationError({"url": str(problem)}) from problem
    if not says_something(name):
        raise ValidationError({"name": "Enter a name for the calendar"})
    running = Subscription.objects.filter(organisation_id=by.organisation_id, ended_at=None)
    if running.filter(url=plain, purpose=purpose, subject=subject).exists():
        raise ValidationError({"url": "This calendar is being read already"})
    if running.count() >= MOST_ADDRESSES:
        raise ValidationError(
            {"url": f"At most {MOST_ADDRESSES} calendars can be read. Stop one first"}
        )
    subscription = Subscription.objects.create(
        organisation_id=by.organisation_id,
        subject=subject,
        purpose=purpose,
        name=in_reading_order(name).strip()[:LONGEST_NAME],
        url=plain,
        shared=shared,
        created_by_id=by.user_id,
    )
    audit.record(
        "calendar address added",
        by=by,
        obj=subscription,
        changes={"purpose": [None, purpose], "shared": [None, shared]},
    )
    return subscription


@transaction.atomic
def read_soon(*, by: Actor, subscription: Subscription) -> Subscription:
    """Have an address read at the worker's next turn, not at the full hour."""
    permissions.require(by, Permission.CHANGE_CALENDAR)
    current = held(by, subscription)
    current.due_at = timezone.now()
    current.save(update_fields=["due_at"])
    audit.record("calendar asked to be read", by=by, obj=current)
    return current


@transaction.atomic
def stop_address(*, by: Actor, subscription: Subscription) -> Subscription:
    """Read an address no more; the busy periods that came from it leave the calendar."""
    permissions.require(by, Permission.CHANGE_CALENDAR)
    current = held(by, subscription)
    current.ended_at = timezone.now()
    current.save(update_fields=["ended_at"])
    gone = OwnPeriod.objects.filter(subscription=current, removed_at=None).update(
        removed_at=current.ended_at
    )
    audit.record("calendar address stopped", by=by, obj=current, changes={"periods": gone})
    return current


@transaction.atomic
def leave_term_dates(*, by: Actor, subscription: Subscription) -> Subscription:
    """Say that term dates found at an address have been looked at, taken or not."""
    permissions.require(by, Permission.CHANGE_CALENDAR)
    current = held(by, subscription)
    if current.found is None:
        raise ValidationError("No term dates were found there.")
    current.found = {**current.found, "checked": True}
    current.save(update_fields=["found"])
    audit.record("found term dates checked", by=by, obj=current)
    return current


def held(by: Actor, subscription: Subscription) -> Subscription:
    """An address as it is now, locked; raises ValidationError when it was stopped."""
    if subscription.organisation_id != by.organisation_id:
        raise PermissionDenied("You may not change a calendar of another organisation.")
    current: Subscription = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if current.ended_at is not None:
        raise ValidationError("This calendar is not being read any more.")
    return current


def _held_file(by: Actor, file: CalendarFile) -> CalendarFile:
    if file.organisation_id != by.organisation_id:
        raise PermissionDenied("You may not change a calendar of another organisation.")
    current: CalendarFile = CalendarFile.objects.select_for_update().get(pk=file.pk)
    return current


def _about(by: Actor, purpose: Purpose, subject: Organisation) -> None:
    """Busy periods are the organisation's own; term dates also those of a school of its trust."""
    own = subject.pk == by.organisation_id
    if purpose == Purpose.TERMS and subject.kind not in WITH_TERMS:
        raise ValidationError(f"{subject.name} keeps no school terms.")
    if own or (
        purpose == Purpose.TERMS
        and School.objects.filter(organisation_id=subject.pk, trust_id=by.organisation_id).exists()
    ):
        return
    raise PermissionDenied("You may not change the calendar of another organisation.")


def _found(purpose: Purpose, content: bytes) -> dict[str, Any]:
    now = today()
    calendar = read(content, *window(now))
    if purpose == Purpose.TERMS:
        return terms_kept(calendar, now)
    found = busy_in(calendar, now)
    if not found.periods:
        raise CalendarError(
            "This calendar has no entry from today on that takes a whole day, or four hours or "
            "more. " + " ".join(found.cautions)
        )
    return busy_kept(found)


def _file_name(name: str) -> str:
    """Its name, for the history; none that holds an identifier."""
    shown = (
        in_reading_order(name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]).replace("\x00", "").strip()
    )
    if find_identifiers(shown):
        raise ValidationError(
            {"calendar": "The file’s name looks like it contains a child’s or patient’s number"}
        )
    return shown[:LONGEST_NAME] or "Calendar"
