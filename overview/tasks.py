"""Celery tasks of this floor. They only wake work up; the database says what is due."""

from __future__ import annotations

from celery import shared_task

from organisations.tasks import ScopedTask
from overview.digest import asking


@shared_task(base=ScopedTask)  # type: ignore[untyped-decorator]
def ask_digests() -> None:
    """Ask for the summaries that are due."""
    asking.ask_digests()
