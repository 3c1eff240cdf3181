"""Recording what was done, in the transaction that does it.

If the event cannot be written, the change does not happen. A refusal is recorded in a
transaction of its own, because the request's is rolled back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.utils import timezone
from redis.exceptions import RedisError

from organisations.actor import Actor
from organisations.models import AuditEvent
from organisations.tenancy.scope import NOBODY, Scope, acting, current_scope

# `acl` is filled by a trigger, from the object.
APPEND = """
INSERT INTO organisations_auditevent (at, user_id, organisation_id, action, object_table,
                                      object_id, changes, request_id, address, acl)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '{}')
"""

REFUSALS_EACH = 20
REFUSALS_COUNTED_FOR = 60 * 60
LONGEST_ACTION = AuditEvent._meta.get_field("action").max_length


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from."""

    request_id: str = ""
    address: str | None = None


origin: ContextVar[Origin] = ContextVar("tandem_origin", default=Origin())


def record(
    action: str,
    *,
    by: Actor | None,
    obj: models.Model | None = None,
    changes: Mapping[str, Any] | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> None:
    """Append an audit event to the open transaction of a connection.

    `action` is a short phrase in the past tense ("conversation logged"). `changes` maps field
    names to `[old, new]`; people and objects in it are ids, and free text is never copied: say
    that it changed, not what it says. Raises TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection(using).in_atomic_block:
        raise transaction.TransactionManagementError(
            "An audit event belongs in the transaction of what it records."
        )
    scope = current_scope() if by is None else by.scope
    _append(action, scope, obj, changes or {}, using=using)


def record_each(
    action: str, *, by: Actor, table: str, changes: Mapping[int, Mapping[str, Any]]
) -> None:
    """Append an event for each of many objects of one table, by id, to the open transaction.

    As `record`, for work that touches thousands at once.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "An audit event belongs in the transaction of what it records."
        )
    came_from, at = origin.get(), timezone.now()
    whom = at, by.scope.user_id, by.scope.organisation_id, action, table
    where = came_from.request_id, came_from.address
    events = [(*whom, pk, json.dumps(dict(each)), *where) for pk, each in changes.items()]
    with transaction.get_connection().cursor() as cursor:
        cursor.executemany(APPEND, events)


def refused(action: str, *, by: Actor | None, obj: models.Model | None = None) -> None:
    """Record that something was refused, after the request's own transaction has ended.

    Somebody who tries the same again and again fills no table: within an hour the first twenty
    are recorded, then the hundredth, the thousandth and so on, with their number.
    """
    times = 1 if by is None else _how_often(action, by)
    if times > REFUSALS_EACH and str(times).strip("0") != "1":
        return
    scope = by.scope if by else NOBODY
    with acting(scope), transaction.atomic():
        _append(
            f"refused: {action}"[:LONGEST_ACTION],
            scope,
            obj,
            {"times": times} if times > REFUSALS_EACH else {},
        )


def _how_often(action: str, by: Actor) -> int:
    """Which time it is within the hour that this is refused to the person, in all processes."""
    key = f"refused:{by.user_id}:{by.organisation_id}:{hashlib.sha256(action.encode()).hexdigest()}"
    try:
        cache.add(key, 0, REFUSALS_COUNTED_FOR)
        return int(cache.incr(key))
    except (RedisError, ValueError):
        # Without the counter each is recorded: too much rather than nothing.
        return 1


def _append(
    action: str,
    scope: Scope,
    obj: models.Model | None,
    changes: Mapping[str, Any],
    *,
    using: str = DEFAULT_DB_ALIAS,
) -> None:
    # Plain SQL, because the ORM asks for the new row's id, and row security lets nobody
    # read back an event that is not theirs to see: a failed sign-in, a decision on others.
    came_from = origin.get()
    with transaction.get_connection(using).cursor() as cursor:
        cursor.execute(
            APPEND,
            [
                timezone.now(),
                scope.user_id,
                scope.organisation_id,
                action,
                obj._meta.db_table if obj is not None else "",
                obj.pk if obj is not None else None,
                json.dumps(dict(changes)),
                came_from.request_id,
                came_from.address,
            ],
        )
