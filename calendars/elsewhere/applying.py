"""What was read at an address becomes busy periods, or term dates for somebody to check.

In the scope of the organisation, in one transaction, by the worker: it asks for no permission,
because a person of the organisation asked for it when they added the address.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from calendars.ics.fetching import Fetched
from calendars.ics.found import Busy, busy_in, safe_cautions, terms_kept
from calendars.ics.limits import window
from calendars.ics.reading import Calendar, read
from calendars.london import london_day
from calendars.models import CalendarFile, GivenBy, OwnPeriod, PeriodKind, Purpose, Subscription
from organisations import audit

EVERY = timedelta(hours=1)
LONGEST_WAIT = timedelta(days=1)
LONGEST_PROBLEM = 300


def period_for(
    busy: Busy,
    *,
    organisation_id: int,
    person_id: int,
    shared: bool,
    given_by: str,
    file: CalendarFile | None = None,
    subscription: Subscription | None = None,
) -> OwnPeriod:
    """A busy period as the organisation's own, not saved yet."""
    return OwnPeriod(
        organisation_id=organisation_id,
        name=busy.name,
        kind=PeriodKind.BUSY,
        starts_on=busy.first,
        ends_on=busy.last,
        shared=shared,
        uid=busy.uid,
        given_by=given_by,
        file=file,
        subscription=subscription,
        created_by_id=person_id,
    )


@transaction.atomic
def note_failure(subscription_id: int, problem: str) -> None:
    """Keep why an address could not be read, and wait longer each time, up to a day."""
    current = _held(subscription_id)
    if current is None:
        return
    now = timezone.now()
    current.tried_at, current.problem = now, problem[:LONGEST_PROBLEM]
    current.failures = min(current.failures + 1, 1000)
    current.due_at = now + min(EVERY * 2 ** min(current.failures - 1, 10), LONGEST_WAIT)
    current.save(update_fields=["tried_at", "problem", "failures", "due_at"])


@transaction.atomic
def apply(subscription_id: int, fetched: Fetched) -> int:
    """Take in what came from an address; says how many records changed.

    Raises CalendarError or NoTermDates, after which nothing has changed.
    """
    current = _held(subscription_id)
    if current is None:
        return 0
    now = timezone.now()
    changed = 0
    if fetched.content is not None:
        checksum = _checksum(fetched.content, now)
        if checksum != current.checksum:
            changed = _take_in(current, read(fetched.content, *window(london_day(now))), now)
        current.checksum = checksum
        current.etag, current.last_modified = fetched.etag, fetched.last_modified
    current.tried_at = current.read_at = now
    current.problem, current.failures, current.due_at = "", 0, now + EVERY
    current.save(
        update_fields=[
            "checksum",
            "etag",
            "last_modified",
            "tried_at",
            "read_at",
            "problem",
            "failures",
            "due_at",
            "found",
            "cautions",
        ]
    )
    return changed


def conditions(subscription: Subscription, now: datetime) -> dict[str, str]:
    """What is asked of the website along with the calendar.

    Once a month it is read anew even if it has not changed: what repeats without end has new
    dates in the time ahead.
    """
    read_at = subscription.read_at
    if read_at is None or not subscription.checksum or _month(read_at) != _month(now):
        return {}
    return {"etag": subscription.etag, "last_modified": subscription.last_modified}


def _month(moment: datetime) -> str:
    return f"{london_day(moment):%Y-%m}"


def _checksum(content: bytes, now: datetime) -> str:
    return hashlib.sha256(_month(now).encode() + content).hexdigest()


def _held(subscription_id: int) -> Subscription | None:
    """The row, locked; None when somebody has stopped it meanwhile."""
    return (
        Subscription.objects.select_for_update().filter(pk=subscription_id, ended_at=None).first()
    )


def _take_in(current: Subscription, calendar: Calendar, now: datetime) -> int:
    if current.purpose == Purpose.BUSY:
        return _take_periods(current, calendar, london_day(now))
    found = terms_kept(calendar, london_day(now))
    before = {key: each for key, each in (current.found or {}).items() if key != "checked"}
    current.cautions = list(safe_cautions(calendar.cautions))
    if found == before:
        return 0
    current.found = found
    audit.record("term dates found", by=None, obj=current)
    return 1


def _take_periods(current: Subscription, calendar: Calendar, today: date) -> int:
    """Add, change and remove periods until they are those of the calendar; past ones stay."""
    found = busy_in(calendar, today)
    current.cautions = list(found.cautions)
    there = list(OwnPeriod.objects.filter(subscription=current, removed_at=None))
    kept, new, gone = _paired(there, found.periods, today)
    # First those that go: two of one calendar cannot begin on the same day with the same name.
    OwnPeriod.objects.filter(pk__in=[each.pk for each in gone]).update(removed_at=timezone.now())
    changed = sum(_update(period, busy, current.shared) for period, busy in kept)
    OwnPeriod.objects.bulk_create(
        [
            period_for(
                busy,
                organisation_id=current.organisation_id,
                person_id=current.created_by_id,
                shared=current.shared,
                given_by=GivenBy.ICS_ADDRESS,
                subscription=current,
            )
            for busy in new
        ]
    )
    counts = {"added": len(new), "changed": changed, "removed": len(gone)}
    if any(counts.values()):
        audit.record("busy periods read", by=None, obj=current, changes=counts)
    return sum(counts.values())


Pairs = list[tuple[OwnPeriod, Busy]]


def _paired(
    there: Iterable[OwnPeriod], wanted: Iterable[Busy], today: date
) -> tuple[Pairs, list[Busy], list[OwnPeriod]]:
    """Which period is which entry, which entries are new, and which periods are gone.

    An entry is known by its name among machines and its day; one that was moved by its name
    alone, when it happens once.
    """
    by_key = {(each.uid, each.starts_on): each for each in there}
    pairs: Pairs = []
    left: dict[str, list[Busy]] = defaultdict(list)
    for busy in wanted:
        if period := by_key.pop((busy.uid, busy.first), None):
            pairs.append((period, busy))
        else:
            left[busy.uid].append(busy)
    gone: dict[str, list[OwnPeriod]] = defaultdict(list)
    for period in by_key.values():
        if period.ends_on >= today:
            gone[period.uid].append(period)
    moved = [uid for uid in left if len(left[uid]) == 1 and len(gone.get(uid, [])) == 1]
    pairs += [(gone.pop(uid)[0], left.pop(uid)[0]) for uid in moved]
    return (
        pairs,
        [busy for each in left.values() for busy in each],
        [period for each in gone.values() for period in each],
    )


def _update(period: OwnPeriod, busy: Busy, shared: bool) -> bool:
    wanted: dict[str, Any] = {
        "name": busy.name,
        "starts_on": busy.first,
        "ends_on": busy.last,
        "shared": shared,
    }
    differing = [name for name, value in wanted.items() if getattr(period, name) != value]
    if not differing:
        return False
    for name in differing:
        setattr(period, name, wanted[name])
    period.revision += 1
    period.save(update_fields=[*differing, "revision"])
    return True
