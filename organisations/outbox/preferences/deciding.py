"""Whether the reader of a message wants it, and wants it now: asked just before it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from django.db import connection
from django.utils import timezone

from frontend.wording import datetime_words
from organisations.models import Choice, Delivery, Organisation
from organisations.outbox.kinds import Kind, Later, NotNeeded
from organisations.outbox.preferences.groups import Group, group_named
from organisations.outbox.preferences.quiet import Quiet

NOT_QUIET = Quiet()
SWITCHED_OFF = NotNeeded("Switched off by the recipient.")
IN_THE_SUMMARY = NotNeeded(
    "The recipient wants such emails in a summary, and is told there.", for_the_summary=True
)

# One statement for both: what is asked of the sender of every message, and of its reader.
SENDER_AND_READER = """
SELECT o.id, o.name, o.suspended_at, o.left_at,
       w.choice, w.quiet_from, w.quiet_until, w.quiet_weekends
FROM tandem.wishes_for(%(delivery)s, %(group)s) w
LEFT JOIN organisations_organisation o ON o.id = %(organisation)s
"""
SENDER = """
SELECT o.id, o.name, o.suspended_at, o.left_at, NULL, NULL::time, NULL::time, NULL::boolean
FROM organisations_organisation o WHERE o.id = %(organisation)s
"""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the reader of one message wants: of its group, and of the hours."""

    choice: str | None = None
    quiet: Quiet = NOT_QUIET


def sender_and_wishes(delivery: Delivery, kind: Kind) -> tuple[Organisation | None, Wishes]:
    """On whose behalf a message goes, and what its reader wants, in one statement at the most.

    Raises Organisation.DoesNotExist for a sender that is not there.
    """
    group = group_named(kind.group)
    asks = group.may_be_silenced or group.waits
    if delivery.organisation_id is None and not asks:
        return None, Wishes()
    with connection.cursor() as cursor:
        cursor.execute(
            SENDER_AND_READER if asks else SENDER,
            {
                "delivery": delivery.pk,
                "group": group.name,
                "organisation": delivery.organisation_id,
            },
        )
        row = cursor.fetchone()
    return _sender(delivery, row), _wishes(*row[4:]) if row else Wishes()


def decide(
    delivery: Delivery, kind: Kind, wishes: Wishes, *, now: Callable[[], datetime] = timezone.now
) -> NotNeeded | Later | None:
    """Why a message does not go, or not yet; None when it goes now."""
    group = group_named(kind.group)
    if group.may_be_silenced and wishes.choice == Choice.NEVER:
        return SWITCHED_OFF
    if group.may_be_silenced and wishes.choice == Choice.DIGEST:
        return IN_THE_SUMMARY
    return _held(delivery, kind, group, wishes, now)


def _held(
    delivery: Delivery, kind: Kind, group: Group, wishes: Wishes, now: Callable[[], datetime]
) -> Later | None:
    if not group.waits or wishes.quiet == NOT_QUIET:
        return None
    until = wishes.quiet.ends_at(now())
    if until is None:
        return None
    pointless = kind.pointless_from(delivery) if kind.pointless_from else None
    if pointless is not None and pointless <= until:
        return None
    return Later(until, f"{datetime_words(until)}: the recipient’s quiet hours.")


def _sender(delivery: Delivery, row: tuple[object, ...] | None) -> Organisation | None:
    if delivery.organisation_id is None:
        return None
    if row is None or row[0] is None:
        raise Organisation.DoesNotExist
    return Organisation.from_db("default", ["id", "name", "suspended_at", "left_at"], row[:4])


def _wishes(
    choice: str | None, since: time | None, until: time | None, weekends: bool | None
) -> Wishes:
    return Wishes(choice, Quiet(since, until, bool(weekends)))
