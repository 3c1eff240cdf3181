"""What the worker does: makes the exports that wait, each in its asker's scope.

The database says what is due (`tandem.next_export`, for the worker's role alone); the file is
read and kept as the role that serves pages, so that row security decides what is in it.
"""

from __future__ import annotations

import structlog
from django.core.exceptions import PermissionDenied
from django.db import connections

from organisations.acting_for import acting_at
from organisations.actor import Actor
from organisations.exporting import services
from organisations.models import RecordsExport
from organisations.tenancy.scope import Scope, acting

logger = structlog.get_logger("tandem.exports")
WORKER = "worker"


def make_all() -> int:
    """Make every export that waits and that nobody else is making; says how many were made."""
    made = 0
    tried: list[int] = []
    while due := _next(tried):
        export, slug, person = due
        tried.append(export)
        try:
            made += _make(export, slug, person)
        except PermissionDenied:
            _give_up(export)
        except Exception as error:
            # Tried again at the clock's next tick, three times in all.
            logger.error("export failed", export=export, error=type(error).__name__)
    return made


def remove_old() -> int:
    """Remove the files whose time is over; says how many."""
    with connections[WORKER].cursor() as cursor:
        cursor.execute("SELECT tandem.remove_exports()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _make(export: int, slug: str, person: int) -> bool:
    with acting(Scope(user_id=person)):
        actor = acting_at(Actor(person), slug)
    if actor is None:
        raise PermissionDenied("no longer acts for the organisation")
    with acting(actor.scope):
        return services.make_export(by=actor, export=RecordsExport(pk=export))


def _next(tried: list[int]) -> tuple[int, str, int] | None:
    with connections[WORKER].cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.next_export(%s)", [tried])
        return cursor.fetchone()  # type: ignore[no-any-return]


def _give_up(export: int) -> None:
    with connections[WORKER].cursor() as cursor:
        cursor.execute("SELECT tandem.give_up_export(%s)", [export])
