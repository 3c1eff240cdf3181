"""What the worker does when the day of a reorganisation has come: every row once, in batches.

A batch is one transaction: the records change, their rows say so, the trail and the e-mails are
written, or nothing of it. A worker that is killed leaves whole batches behind; the next one goes
on with the rows that are left. Once none is, the former organisation ends and everyone is told.
"""

from __future__ import annotations

import structlog
from django.db import connection, connections, transaction

from organisations import audit
from organisations.actor import Actor
from organisations.models import Reorganisation, ReorganisationRow, ReorganisationState
from organisations.reorganising import registry
from organisations.reorganising.registry import Affected
from organisations.reorganising.selectors import UNDECIDED
from organisations.reorganising.services import gather
from organisations.tenancy.scope import acting

logger = structlog.get_logger("tandem.reorganising")
WORKER = "worker"
BATCH = 50
# A kind's name is a word of ours: the registry takes no other.
REORGANISE = "SELECT id, tandem.reorganise_{}(id) FROM unnest(%s::bigint[]) AS id ORDER BY id"


def apply_due() -> int:
    """Apply every reorganisation whose day has come; says how many are done."""
    with connections[WORKER].cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.due_reorganisations()")
        due = cursor.fetchall()
    done = 0
    for reorganisation_id, operator_id in due:
        if operator_id is None:
            logger.error("no operator is left", reorganisation=reorganisation_id)
            continue
        try:
            done += apply(by=Actor(operator_id, is_operator=True), pk=reorganisation_id)
        except Exception as error:
            # Tried again at the clock's next tick, from the first row that is left.
            logger.error(
                "reorganisation failed",
                reorganisation=reorganisation_id,
                error=type(error).__name__,
            )
    return done


def apply(*, by: Actor, pk: int) -> bool:
    """Do all that is decided of one reorganisation; says whether nothing is left.

    Doing it again changes nothing. A row that came late and that nobody has decided waits.
    """
    with acting(by.scope):
        _gather(pk)
        for kind in registry.kinds():
            while _batch(by, pk, kind):
                pass
        return _finish(by, pk)


@transaction.atomic
def _gather(pk: int) -> None:
    """Take in what has come to the organisation since it was approved."""
    rows = Reorganisation.objects.filter(pk=pk, state=ReorganisationState.APPROVED)
    reorganisation = rows.select_for_update().first()
    if reorganisation is not None:
        gather(reorganisation)


@transaction.atomic
def _batch(by: Actor, pk: int, kind: Affected) -> bool:
    """Do the next rows of a kind, in one transaction; whether there were any."""
    rows = (
        ReorganisationRow.objects.select_for_update(of=("self",))
        .filter(reorganisation=pk, kind=kind.name, done_at=None)
        .exclude(UNDECIDED)
        .order_by("pk")
    )
    ids = [row.pk for row in rows[:BATCH]]
    if not ids:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            REORGANISE.format(kind.name),
            [ids],
        )
        settled = [row_id for row_id, outcome in cursor.fetchall() if outcome is not None]
    if not settled:
        return False
    done = list(ReorganisationRow.objects.filter(pk__in=settled).select_related("reorganisation"))
    if kind.after is not None:
        kind.after(done)
    audit.record(
        "reorganisation carried out",
        by=by,
        obj=Reorganisation(pk=pk),
        changes={"rows": len(done)},
    )
    return True


@transaction.atomic
def _finish(by: Actor, pk: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.finish_reorganisation(%s)", [pk])
        (finished,) = cursor.fetchone()
    if finished:
        reorganisation = Reorganisation.objects.select_related("predecessor").get(pk=pk)
        registry.finished(reorganisation)
        audit.record("reorganisation done", by=by, obj=reorganisation)
    return bool(finished)
