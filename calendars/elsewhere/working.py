"""What the worker does: reads each address that is due, in the scope of whoever added it.

The database says which is due (`tandem.next_subscription`, for the worker's role alone, which sees
no address). Nothing is open in the database while a website is asked; what came is taken in in one
transaction, so that a worker that dies leaves everything as it was, and the address is due again.
"""

from __future__ import annotations

import time

import structlog
from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from calendars.elsewhere import applying
from calendars.ics.fetching import FetchError, fetch
from calendars.ics.reading import CalendarError
from calendars.ics.terms_from_events import NoTermDates
from calendars.models import Subscription
from organisations.tenancy.scope import Scope, acting

logger = structlog.get_logger("tandem.calendars")
WORKER = "worker"
# The same worker sends e-mail: after this long the rest waits for the next turn.
LONGEST_TURN = 60.0
WENT_WRONG = "Something went wrong in Tandem when it read this calendar. It will try again"
Due = tuple[int, int, int]


def read_all() -> int:
    """Read every address that is due and that nobody else reads; says how many were tried."""
    if not settings.CALENDARS_FROM_ADDRESSES:
        return 0
    tried: list[int] = []
    until = time.monotonic() + LONGEST_TURN
    while time.monotonic() < until and (due := _next(tried)):
        subscription, organisation, person = due
        tried.append(subscription)
        with acting(Scope(organisation_id=organisation, user_id=person)):
            _read(subscription)
    return len(tried)


def _read(subscription_id: int) -> None:
    try:
        # A transaction carries the scope; it ends before the website is asked.
        with transaction.atomic():
            current = Subscription.objects.filter(pk=subscription_id, ended_at=None).first()
        if current is None:
            return
        fetched = fetch(current.url, **applying.conditions(current, timezone.now()))
        applying.apply(subscription_id, fetched)
    except (FetchError, CalendarError, NoTermDates) as problem:
        applying.note_failure(subscription_id, str(problem).rstrip("."))
    except Exception as error:
        # One calendar must not keep the others from being read.
        logger.error("calendar not read", subscription=subscription_id, error=type(error).__name__)
        applying.note_failure(subscription_id, WENT_WRONG)


def _next(tried: list[int]) -> Due | None:
    with connections[WORKER].cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.next_subscription(%s)", [tried])
        return cursor.fetchone()  # type: ignore[no-any-return]
