"""Celery tasks of this floor. They only wake work up; the database says what is due."""

from __future__ import annotations

from celery import shared_task

from contacts.verification import clock
from organisations.tasks import ScopedTask, wake


@shared_task(base=ScopedTask)  # type: ignore[untyped-decorator]
def check_directory() -> None:
    """Ask whether what is due is still right, and hand the e-mails on."""
    clock.run()


@shared_task(base=ScopedTask)  # type: ignore[untyped-decorator]
def hand_on_letters() -> None:
    """Hand on the e-mails that somebody has just asked for."""
    clock.hand_on()


@shared_task(base=ScopedTask)  # type: ignore[untyped-decorator]
def anonymise_directory() -> None:
    """Take the person out of what ended two years ago."""
    clock.anonymise()


def wake_letters() -> None:
    """Have letters handed on now, not at the clock's next tick. Never fails, never waits long."""
    wake(hand_on_letters)
