"""Putting what happens to somebody's account on record, in their own name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection, models, transaction

from organisations import audit
from organisations.actor import Actor
from organisations.models import User
from organisations.tenancy.scope import Scope, acting, current_scope


@contextmanager
def as_person(user_id: int) -> Iterator[None]:
    """Act as a person whose sign-in is being checked; nothing to do for who acts already.

    Row security shows second factors, sessions and linked providers to their own person alone,
    before they are signed in too. The scope lives in a transaction; where none is open (after
    the request's own has been rolled back) there is one for the block.
    """
    with ExitStack() as stack:
        if current_scope().user_id != user_id:
            stack.enter_context(acting(Scope(user_id=user_id)))
        if not connection.in_atomic_block:
            stack.enter_context(transaction.atomic())
        yield


def put_on_record(
    action: str,
    user: User,
    *,
    about: models.Model | None = None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Append an audit event in the person's name, as themselves: an account has no organisation."""
    by = Actor(user.pk)
    with acting(by.scope), transaction.atomic():
        audit.record(action, by=by, obj=about if about is not None else user, changes=changes)
