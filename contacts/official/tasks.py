"""Celery tasks of official files. They only wake work up; the database says what is to be done."""

from __future__ import annotations

from celery import shared_task

from contacts.official import fetching, working
from organisations import tasks


@shared_task(base=tasks.ScopedTask)  # type: ignore[untyped-decorator]
def work_on_official_files() -> None:
    """Compare, bring in and undo what operators asked for."""
    working.do_all()


@shared_task(base=tasks.ScopedTask)  # type: ignore[untyped-decorator]
def fetch_official_files() -> None:
    """Fetch what the publishers have that is new, where the settings say from where."""
    if fetching.fetch_due():
        wake()


@shared_task(base=tasks.ScopedTask)  # type: ignore[untyped-decorator]
def remove_old_official_files() -> None:
    """Throw files away that waited for a week."""
    working.remove_old()


def wake() -> None:
    """Have it done now, not at the clock's next tick. Never fails, never waits long."""
    tasks.wake(work_on_official_files)
