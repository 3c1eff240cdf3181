"""Whether this copy of Tandem works: `/healthz` for the web alone, `/readyz` for all of it.

Both are open to the world, for load balancers, and say no more than yes or no. Figures for
whoever watches over it are at `/metrics` (organisations.steering.metrics).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from organisations.outbox import lateness
from organisations.outbox.inbox import notes

PATIENCE = 1.0  # seconds for each answer of the broker
HEARTBEAT_LASTS = 30  # seconds; a worker beats every five


@login_not_required
@transaction.non_atomic_requests
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@login_not_required
@transaction.non_atomic_requests
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, broker and worker, each true or false; 503 unless all are there.

    That reminders fall behind, or the mailbox is not read, is said as well, and changes no status:
    with the mail provider away for an hour, pages that work would be taken away from everybody,
    and nothing would be sent any sooner.
    """
    parts: dict[str, Callable[[], bool]] = {
        "database": database_answers,
        "broker": broker_answers,
        "worker": worker_beats,
    }
    found = {name: ask() for name, ask in parts.items()}
    status = 200 if all(found.values()) else 503
    if found["database"]:
        found["reminders"] = reminders_on_time()
        mailbox = mailbox_on_time()
        if mailbox is not None:
            found["mailbox"] = mailbox
    return JsonResponse(found, status=status)


def database_answers() -> bool:
    """The database can be asked as the role that serves pages."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return False
    return True


def reminders_on_time() -> bool:
    """Nothing is due for longer than it may be."""
    try:
        return not lateness.is_behind(lateness.oldest_due())
    except DatabaseError:
        connection.close()
        return False


def mailbox_on_time() -> bool | None:
    """The mailbox for answers was read lately; None where none is set up."""
    try:
        state = notes.state()
    except DatabaseError:
        connection.close()
        return False
    return None if state is None else not state.is_behind


def broker_answers() -> bool:
    """The broker takes commands."""
    try:
        return bool(_broker().ping())
    except (redis.RedisError, OSError):
        return False


def worker_beats() -> bool:
    """A worker has done something within the last half minute."""
    try:
        return bool(_broker().exists(_heartbeat()))
    except (redis.RedisError, OSError):
        return False


def beat() -> None:
    """Called by a worker: it is there. Without the broker, /readyz says so anyway."""
    try:
        _broker().set(_heartbeat(), "there", ex=HEARTBEAT_LASTS)
    except (redis.RedisError, OSError):
        return


def _heartbeat() -> str:
    return f"{settings.CACHES['default']['KEY_PREFIX']}:worker-heartbeat"


@cache
def _broker() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL.replace("redis+socket://", "unix://"),
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 1),  # once, since a kept connection may have died
    )
