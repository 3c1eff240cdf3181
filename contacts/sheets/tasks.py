"""Celery tasks of sheets. They only wake work up; the database says what is to be done."""

from __future__ import annotations

from celery import shared_task

from contacts.sheets import working
from organisations import tasks


@shared_task(base=tasks.ScopedTask)  # type: ignore[untyped-decorator]
def work_on_sheets() -> None:
    """Check, apply and undo what regional admins asked for."""
    working.do_all()


@shared_task(base=tasks.ScopedTask)  # type: ignore[untyped-decorator]
def remove_old_rows() -> None:
    """Remove the rows of sheets brought in thirty days ago."""
    working.remove_old()


def wake() -> None:
    """Have it done now, not at the clock's next tick. Never fails, never waits long."""
    tasks.wake(work_on_sheets)
