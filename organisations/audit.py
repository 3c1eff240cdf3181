"""Recording what was done, in the transaction that does it.

If the event cannot be written, the change does not happen. A refusal is recorded in a
transaction of its own, because the request's is rolled back.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from organisations.actor import Actor
from organisations.models import AuditEvent
from organisations.tenancy.scope import NOBODY, Scope, acting, current_scope


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
) -> None:
    """Append an audit event to the open transaction.

    `action` is a short phrase in the past tense ("conversation logged"). `changes` maps field
    names to `[old, new]`; people and objects in it are ids, and free text is never copied: say
    that it changed, not what it says. Raises TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "An audit event belongs in the transaction of what it records."
        )
    scope = current_scope() if by is None else by.scope
    _append(action, scope, obj, changes or {})


def refused(action: str, *, by: Actor | None, obj: models.Model | None = None) -> None:
    """Record that something was refused, after the request's own transaction has ended."""
    scope = by.scope if by else NOBODY
    with acting(scope), transaction.atomic():
        _append(f"refused: {action}", scope, obj, {})


def _append(
    action: str, scope: Scope, obj: models.Model | None, changes: Mapping[str, Any]
) -> None:
    came_from = origin.get()
    AuditEvent.objects.create(
        action=action,
        user_id=scope.user_id,
        organisation_id=scope.organisation_id,
        object_table=obj._meta.db_table if obj is not None else "",
        object_id=obj.pk if obj is not None else None,
        changes=dict(changes),
        request_id=came_from.request_id,
        address=came_from.address,
    )
