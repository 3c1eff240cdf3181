"""Putting what happens to somebody's account on record, in their own name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction

from organisations import audit
from organisations.actor import Actor
from organisations.models import User
from organisations.tenancy.scope import Scope, acting, current_scope


@contextmanager
def as_person(user_id: int) -> Iterator[None]:
    """Act as a person whose sign-in is being checked; nothing to do for who acts already.

    Row security shows second factors, sessions and linked providers to their own person alone,
    before they are signed in too.
    """
    if current_scope().user_id == user_id:
        yield
        return
    with acting(Scope(user_id=user_id)):
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
