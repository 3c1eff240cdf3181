"""From one state of an import to the next: who may, under its lock, and waking the worker."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction

from contacts.models import ImportRun
from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission

KEPT_SECONDS = 3600


def locked(by: Actor, run: ImportRun, states: Sequence[str]) -> ImportRun:
    """The import as it stands, locked until the transaction ends, for the region's admin.

    Raises ValidationError when it has moved on and stands in none of `states`.
    """
    permissions.require(by, Permission.MANAGE_REGION, run.region)
    current = (
        ImportRun.objects.select_for_update(of=("self",))
        .select_related("region")
        .filter(pk=run.pk)
        .first()
    )
    if current is None or current.state not in states:
        raise ValidationError("This import has moved on meanwhile. Look at it again")
    return current


def work_due(by: Actor, run: ImportRun, state: str) -> ImportRun | None:
    """The import under its lock, if it stands in `state` and nobody else is at it."""
    permissions.require(by, Permission.MANAGE_REGION, run.region)
    return (
        ImportRun.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("region")
        .filter(pk=run.pk, state=state)
        .first()
    )


def hand_to_worker(by: Actor, run: ImportRun, state: str, *also: str) -> None:
    """Have the worker do something with it, in the scope of whoever asks."""
    run.state, run.work_for_id, run.attempts, run.failure = state, by.user_id, 0, ""
    run.save(update_fields=["state", "work_for", "attempts", "failure", *also])
    cache.delete(_key(run))
    transaction.on_commit(_wake, robust=True)


def leave_with(run: ImportRun, state: str, *also: str, failure: str = "") -> None:
    """What the worker did, or why it did not, and that it is done."""
    run.state, run.work_for, run.attempts, run.failure = state, None, 0, failure[:1000]
    run.save(update_fields=["state", "work_for", "attempts", "failure", *also])


def say_progress(run: ImportRun, done: int) -> None:
    """How many rows are done, for the page that waits; lost without harm."""
    cache.set(_key(run), done, KEPT_SECONDS)


def progress_of(run: ImportRun) -> int:
    """How many rows the worker has said it has done."""
    return min(int(cache.get(_key(run), 0)), run.rows_read)


def _key(run: ImportRun) -> str:
    return f"sheet:{run.ref}"


def _wake() -> None:
    from contacts.sheets.tasks import wake

    wake()
