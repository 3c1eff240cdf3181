"""Celery tasks of imports of history."""

from __future__ import annotations

from celery import shared_task
from django.db import connections

from organisations import tasks

WORKER = "worker"


@shared_task(base=tasks.ScopedTask)  # type: ignore[untyped-decorator]
def remove_old_rows() -> None:
    """Remove the rows of workbooks brought in thirty days ago."""
    with connections[WORKER].cursor() as cursor:
        cursor.execute("SELECT tandem.remove_history_rows()")
