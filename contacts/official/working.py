"""What the worker does with official files: it compares, brings in and undoes.

As `tandem_importer`, a role that it takes on for one transaction: it writes the directory of
organisations and these imports, and reaches nobody's records. Each piece of work is one
transaction under the import's lock, so that a worker that dies leaves it waiting, as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import structlog
from django.core.cache import cache
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from redis.exceptions import RedisError

from contacts.imports.files import BadFile
from contacts.imports.official import bringing_in, looking, undoing
from contacts.imports.official.bringing_in import Result
from contacts.models import (
    OFFICIAL_AT_WORK,
    OfficialChange,
    OfficialFilePart,
    OfficialImport,
    OfficialState,
)
from contacts.official.waiting import files_of
from organisations import audit
from organisations.actor import Actor
from organisations.tenancy.scope import NOBODY, acting

logger = structlog.get_logger("tandem.official")
WORKER = "worker"
ATTEMPTS = 3
WAITS = timedelta(days=7)
KEPT_SECONDS = 3600
WENT_WRONG = "Something went wrong, and nothing was changed. Try again"
CHANGED_MEANWHILE = (
    "Organisations have changed since these files were compared, so they were not brought in. "
    "This is what they would change now"
)
State = OfficialState
BACK = {State.CHECKING: State.REFUSED, State.APPLYING: State.CHECKED, State.UNDOING: State.APPLIED}


def do_all() -> int:
    """Do everything that waits and that nobody else is doing; says how many were done."""
    done = 0
    tried: list[int] = []
    while found := _next(tried):
        tried.append(found.pk)
        try:
            done += _do(found)
        except Exception as error:
            # Tried again at the clock's next tick, three times in all; nothing was kept of it.
            logger.error(
                "official files failed",
                ref=found.ref,
                state=found.state,
                error=type(error).__name__,
            )
    return done


def remove_old() -> int:
    """Throw away files that waited for a week; says of how many imports."""
    with importing(None):
        rows = _rows().select_for_update(skip_locked=True, of=("self",))
        old = list(rows.filter(state=State.CHECKED, made_at__lt=timezone.now() - WAITS))
        for each in old:
            throw_away(each)
    return len(old)


def throw_away(made: OfficialImport, *, failure: str = "") -> None:
    """Throw files away that nobody decided about, in a transaction of the importer."""
    _forget(made)
    OfficialChange.objects.using(WORKER).filter(official_import=made).delete()
    _leave(made, State.DISCARDED, failure=failure)
    audit.record("official files thrown away", by=None, obj=made, using=WORKER)


def progress_of(made: OfficialImport) -> tuple[str, int, int]:
    """What the worker is at, how much of it is done, and of how much (0 where it cannot say)."""
    with suppress(RedisError):
        found: tuple[str, int, int] | None = cache.get(_key(made))
        if found:
            return found
    return "Waiting for the worker", 0, 0


@contextmanager
def importing(by: Actor | None) -> Iterator[CursorWrapper]:
    """A transaction of the worker as `tandem_importer`, on behalf of somebody or of nobody."""
    with (
        acting(by.scope if by else NOBODY),
        transaction.atomic(using=WORKER),
        connections[WORKER].cursor() as cursor,
    ):
        cursor.execute("SET LOCAL ROLE tandem_importer")
        yield cursor


def _rows() -> QuerySet[OfficialImport]:
    return OfficialImport.objects.using(WORKER)


def _next(tried: list[int]) -> OfficialImport | None:
    """The next import that waits, counted as begun; what failed three times goes back first."""
    with importing(None):
        waits = (
            _rows()
            .filter(state__in=OFFICIAL_AT_WORK)
            .select_for_update(skip_locked=True, of=("self",))
        )
        gone = Q(work_for__isnull=False) & ~Q(work_for__is_operator=True, work_for__is_active=True)
        for each in waits.filter(Q(attempts__gte=ATTEMPTS) | gone):
            if each.state == State.CHECKING:
                _forget(each)
            _leave(each, BACK[State(each.state)], failure=WENT_WRONG)
        found = waits.exclude(pk__in=tried).order_by("pk").first()
        if found is not None:
            _rows().filter(pk=found.pk).update(attempts=F("attempts") + 1)
    return found


def _do(found: OfficialImport) -> bool:
    """Do what an import waits for, unless somebody else is at it; whether it was done."""
    by = Actor(found.work_for_id, is_operator=True) if found.work_for_id else None
    with importing(by) as cursor:
        rows = _rows().select_for_update(skip_locked=True, of=("self",))
        current = rows.filter(pk=found.pk, state=found.state).first()
        if current is None:
            return False
        try:
            with transaction.atomic(using=WORKER):
                WORK[State(current.state)](cursor, current, by)
        except undoing.Refused as problem:
            _leave(current, State.APPLIED, failure=str(problem))
        except BadFile as problem:
            _forget(current)
            OfficialChange.objects.using(WORKER).filter(official_import=current).delete()
            _leave(current, State.REFUSED, failure=str(problem))
            audit.record("official files refused", by=by, obj=current, using=WORKER)
    return True


def _compare(cursor: CursorWrapper, current: OfficialImport, by: Actor | None) -> None:
    with files_of(current, using=WORKER) as paths:
        result = looking.compare(
            cursor, current.pk, current.publisher, paths, _saying(current), using=WORKER
        )
    _say_compared(cursor, current, by, result)


def _say_compared(
    cursor: CursorWrapper,
    current: OfficialImport,
    by: Actor | None,
    result: Result,
    failure: str = "",
) -> None:
    if result.changed:
        current.compared = looking.digest(cursor, current.pk)
        _leave(current, State.CHECKED, "compared", failure=failure)
    else:
        _forget(current)
        _leave(current, State.NO_CHANGE)
    audit.record("official files compared", by=by, obj=current, using=WORKER)


def _apply(cursor: CursorWrapper, current: OfficialImport, by: Actor | None) -> None:
    """Bring in what was looked at; where it would be something else now, show that instead."""
    OfficialChange.objects.using(WORKER).filter(official_import=current).delete()
    report = _saying(current)
    with files_of(current, using=WORKER) as paths:
        before = transaction.savepoint(using=WORKER)
        result = bringing_in.merge(cursor, current.publisher, paths, report)
        bringing_in.list_changes(cursor, current.pk, result)
        if looking.digest(cursor, current.pk) != current.compared:
            transaction.savepoint_rollback(before, using=WORKER)
            result = looking.compare(
                cursor, current.pk, current.publisher, paths, report, using=WORKER
            )
            _say_compared(cursor, current, by, result, CHANGED_MEANWHILE)
            return
    _forget(current)
    current.applied_at, current.applied_by_id = timezone.now(), by.user_id if by else None
    _leave(current, State.APPLIED, "applied_at", "applied_by")
    audit.record("official files brought in", by=by, obj=current, using=WORKER)


def _undo(cursor: CursorWrapper, current: OfficialImport, by: Actor | None) -> None:
    undoing.undo(current.ref, using=WORKER, by=by)


Work = Callable[[CursorWrapper, OfficialImport, Actor | None], None]
WORK: dict[OfficialState, Work] = {
    State.CHECKING: _compare,
    State.APPLYING: _apply,
    State.UNDOING: _undo,
}


def _leave(made: OfficialImport, state: OfficialState, *also: str, failure: str = "") -> None:
    """What was done, or why it was not, and that it is over."""
    made.state, made.work_for, made.attempts, made.failure = state, None, 0, failure[:1000]
    made.save(using=WORKER, update_fields=["state", "work_for", "attempts", "failure", *also])
    with suppress(RedisError):
        cache.delete(_key(made))


def _forget(made: OfficialImport) -> None:
    """Remove the files themselves."""
    OfficialFilePart.objects.using(WORKER).filter(official_import=made).delete()


def _saying(made: OfficialImport) -> Callable[..., None]:
    """What tells the page that waits how far it is; lost without harm."""

    def report(what: str, done: int = 0, total: int = 0) -> None:
        with suppress(RedisError):
            cache.set(_key(made), (what, done, total), KEPT_SECONDS)

    return report


def _key(made: OfficialImport) -> str:
    return f"official:{made.ref}"
