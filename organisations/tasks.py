"""Celery tasks of this floor. They only wake work up; the database says what is due."""

from __future__ import annotations

import time
from typing import Any

import structlog
from celery import Task, current_app, shared_task
from celery.signals import worker_ready
from django.conf import settings
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from organisations import health
from organisations.exporting import making
from organisations.outbox import engine
from organisations.outbox.inbox import rounds
from organisations.outbox.outage import Outage
from organisations.reorganising import applying
from organisations.tenancy.scope import NOBODY, acting

logger = structlog.get_logger("tandem.tasks")
outage = Outage()

LONGEST_DRAIN = 5.0  # seconds; then the next waking goes on, so that a worker can be stopped
# A process that hangs in one message is killed, as if it had crashed; by then its lease is over.
LONGEST_TASK = settings.OUTBOX_LEASE_SECONDS + 60
BROKER_PATIENCE = 1.0
PAUSE_AFTER_BROKER_FAILURE = 5.0


class ScopedTask(Task):  # type: ignore[misc]
    """A task begins acting for nobody, whatever ran in its process before."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with acting(NOBODY):
            return super().__call__(*args, **kwargs)


@shared_task(base=ScopedTask, time_limit=LONGEST_TASK)  # type: ignore[untyped-decorator]
def send_due_mail() -> None:
    """Send every e-mail that is due; nothing while the provider is given a rest."""
    if outage.resting():
        return
    tally = engine.drain(seconds=LONGEST_DRAIN, after_each_batch=health.beat)
    outage.note(tally)
    if tally["unfinished"]:
        wake_worker()


@shared_task(base=ScopedTask, time_limit=rounds.HARD_LIMIT)  # type: ignore[untyped-decorator]
def read_inbox() -> None:
    """Read what came back by e-mail, where a mailbox is set up."""
    rounds.read()


@shared_task(base=ScopedTask)  # type: ignore[untyped-decorator]
def heartbeat() -> None:
    """Say that the clock, the broker and a worker are there."""
    health.beat()


@shared_task(base=ScopedTask)  # type: ignore[untyped-decorator]
def make_exports() -> None:
    """Make the files with an organisation's records that somebody asked for."""
    making.make_all()


@shared_task(base=ScopedTask)  # type: ignore[untyped-decorator]
def remove_old_exports() -> None:
    """Remove those files once their time is over."""
    making.remove_old()


@shared_task(base=ScopedTask)  # type: ignore[untyped-decorator]
def apply_reorganisations() -> None:
    """Have the records of organisations that end follow, where the day has come."""
    applying.apply_due()


@worker_ready.connect  # type: ignore[untyped-decorator]
def _worker_is_there(**_: Any) -> None:
    health.beat()
    wake_worker()


class _Waker:
    """Tells the worker, through a broker that may be away, without keeping anyone waiting."""

    def __init__(self) -> None:
        self._pause_until = 0.0

    def wake(self, task: Task) -> None:
        """Queue a task; without the broker, leave it to the clock."""
        if time.monotonic() < self._pause_until:
            return
        try:
            with self._connection() as connection:
                task.apply_async(connection=connection, retry=False, expires=60)
        except (BrokerError, RedisError, OSError) as error:
            self._pause_until = time.monotonic() + PAUSE_AFTER_BROKER_FAILURE
            logger.warning("broker away; work waits for the clock", error=type(error).__name__)

    def _connection(self) -> Any:
        return current_app.connection_for_write(
            connect_timeout=BROKER_PATIENCE,
            transport_options={
                **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
                "max_retries": 0,
                "socket_timeout": BROKER_PATIENCE,
                "socket_connect_timeout": BROKER_PATIENCE,
            },
        )


_waker = _Waker()


def wake(task: Task) -> None:
    """Have a task of another floor run now, not at the clock's next tick. Never fails or waits."""
    _waker.wake(task)


def wake_worker() -> None:
    """Have due mail sent now, not at the clock's next tick. Never fails, never waits long."""
    _waker.wake(send_due_mail)


def wake_exports() -> None:
    """Have exports made now, not at the clock's next tick. Never fails, never waits long."""
    _waker.wake(make_exports)
