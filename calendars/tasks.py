"""Celery tasks of calendars. They only wake work up; the database says what is due."""

from __future__ import annotations

from celery import shared_task
from django.db import transaction

from calendars.elsewhere import working
from organisations import tasks


@shared_task(base=tasks.ScopedTask)  # type: ignore[untyped-decorator]
def read_calendars() -> None:
    """Read the calendars at addresses that organisations gave."""
    working.read_all()


def wake() -> None:
    """Have addresses read now, not at the clock's next tick. Never fails, never waits long."""
    tasks.wake(read_calendars)


def wake_when_saved() -> None:
    """The same, once what is to be read has been committed."""
    transaction.on_commit(wake)
