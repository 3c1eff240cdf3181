"""The scope of the current work: acting organisation and person.

PostgreSQL's row-level security reads three settings, local to the transaction:
`app.org_id` (acting organisation), `app.user_id` (person) and `app.keys` (what `acl`
columns are matched with: the organisation's id, or minus the person's id when someone
acts as themselves on a personal grant). The database backend sends them with BEGIN.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connections


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a transaction acts for. Ids are database ids; None means nobody."""

    organisation_id: int | None = None
    user_id: int | None = None
    # Whose records may be read, and not one of them written: every policy about writing asks
    # for the acting organisation, and there is none.
    reads_for: int | None = None

    @property
    def keys(self) -> str:
        """The array literal matched against `acl`: one key at most.

        A person acting for an organisation does not carry their personal grants along:
        those are seen under `/granted/` only.
        """
        reads_for = self.organisation_id if self.reads_for is None else self.reads_for
        if reads_for is not None:
            return f"{{{int(reads_for)}}}"
        if self.user_id is not None:
            return f"{{{-int(self.user_id)}}}"
        return "{}"

    def set_config_sql(self) -> str:
        """SQL that makes this the scope of the open transaction (integers only, no quoting)."""
        organisation = "" if self.organisation_id is None else str(int(self.organisation_id))
        user = "" if self.user_id is None else str(int(self.user_id))
        return (
            f"SELECT set_config('app.org_id','{organisation}',true),"
            f"set_config('app.user_id','{user}',true),"
            f"set_config('app.keys','{self.keys}',true)"
        )


NOBODY = Scope()
_current: ContextVar[Scope] = ContextVar("tandem_scope", default=NOBODY)


def current_scope() -> Scope:
    """The scope that the next outermost transaction will carry."""
    return _current.get()


def serve(scope: Scope) -> None:
    """Let the coming transactions of this request carry `scope`, until the request ends.

    For the middleware alone, which wraps the whole request in `acting(NOBODY)`.
    """
    _current.set(scope)


@contextmanager
def acting(scope: Scope, *, using: str = "default") -> Iterator[Scope]:
    """Work in `scope` until the block ends.

    Outside a transaction, the next BEGIN carries it. Inside one, the settings are sent at
    once and the former ones are restored at the end, so that views which learn their
    scope late (tokens, feeds, verification) can enter it.
    """
    before = _current.get()
    token = _current.set(scope)
    connection = connections[using]
    inside = connection.in_atomic_block
    try:
        if inside:
            _send(using, scope)
        yield scope
    finally:
        _current.reset(token)
        if inside and connection.in_atomic_block and not connection.needs_rollback:
            _send(using, before)


def _send(using: str, scope: Scope) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(scope.set_config_sql())
