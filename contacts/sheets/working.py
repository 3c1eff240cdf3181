"""What the worker does: each import that waits, in the scope of whoever asked.

The database says what is due (`tandem.next_import`, for the worker's role alone); rows are read
and contacts written as the role that serves pages, so that row security decides.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.core.exceptions import PermissionDenied
from django.db import connections

from contacts.models import ImportRun, RunState
from contacts.sheets.services import apply_sheet, check_sheet, undo_sheet
from organisations.actor import Actor
from organisations.tenancy.scope import acting

logger = structlog.get_logger("tandem.sheets")
WORKER = "worker"
WORK: dict[str, Callable[..., bool]] = {
    RunState.CHECKING: check_sheet,
    RunState.APPLYING: apply_sheet,
    RunState.UNDOING: undo_sheet,
}
Due = tuple[int, int, int, str]


def do_all() -> int:
    """Do everything that waits and that nobody else is doing; says how many were done."""
    done = 0
    tried: list[int] = []
    while due := _next(tried):
        run_id, region_id, person, state = due
        tried.append(run_id)
        actor = Actor(person)
        try:
            with acting(actor.scope):
                done += WORK[state](by=actor, run=ImportRun(pk=run_id, region_id=region_id))
        except PermissionDenied:
            _put_back(run_id)
        except Exception as error:
            # Tried again at the clock's next tick, three times in all; nothing was kept of it.
            logger.error("sheet failed", run=run_id, work=state, error=type(error).__name__)
    return done


def remove_old() -> int:
    """Remove rows whose time is over; says of how many imports."""
    with connections[WORKER].cursor() as cursor:
        cursor.execute("SELECT tandem.remove_import_rows()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _next(tried: list[int]) -> Due | None:
    with connections[WORKER].cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.next_import(%s)", [tried])
        return cursor.fetchone()  # type: ignore[no-any-return]


def _put_back(run_id: int) -> None:
    with connections[WORKER].cursor() as cursor:
        cursor.execute("SELECT tandem.put_import_back(%s)", [run_id])
