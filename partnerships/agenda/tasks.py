"""Celery tasks of this alcove. They only wake work up; the database says what is due."""

from __future__ import annotations

from celery import shared_task

from organisations.tasks import ScopedTask
from partnerships.agenda import following


@shared_task(base=ScopedTask)  # type: ignore[untyped-decorator]
def follow_meetings() -> None:
    """Tell people whose gateway has moved or called off the meeting they prepare for."""
    following.follow_meetings()
