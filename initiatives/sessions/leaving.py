"""What becomes of sessions when an organisation leaves Tandem, or one partnership: those to come
that it runs are cancelled. What was held stays, with what was told of it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from initiatives.sessions.models import Session, State
from initiatives.sessions.services import cancel_session
from organisations.actor import Actor
from organisations.joining.registry import foretold, on_leaving
from partnerships.record.models import Partnership
from partnerships.record.parting import foretold_parting, on_parting

# Before its partnerships are left, without which they could not be read.
FIRST = 16


def cancel_sessions(by: Actor, partnership: Partnership | None = None) -> dict[str, int]:
    """Cancel what its staff were to run; says how many."""
    assert by.organisation is not None
    sessions = list(_planned(by, partnership))
    for session in sessions:
        cancel_session(by=by, session=session, reason=f"{by.organisation.name} has left.")
    return {"sessions_cancelled": len(sessions)}


def what_becomes_of_them(by: Actor, partnership: Partnership | None = None) -> list[str]:
    """The same in advance, in words."""
    count = _planned(by, partnership).count()
    if not count:
        return []
    sessions = "1 session" if count == 1 else f"{count} sessions"
    return [f"{sessions} that its staff were to run {'is' if count == 1 else 'are'} cancelled"]


def _planned(by: Actor, partnership: Partnership | None) -> QuerySet[Session]:
    """Those of one partnership, or of all."""
    assert by.organisation_id is not None
    return Session.objects.filter(
        Q(partnership=partnership) if partnership else Q(),
        acl__overlap=[by.organisation_id],
        organisation_id=by.organisation_id,
        state=State.PLANNED,
    ).select_related("initiative__organisation", "partnership")


def register() -> None:
    """Take part in leaving."""
    on_leaving.register(cancel_sessions, order=FIRST)
    foretold.register(what_becomes_of_them, order=FIRST)
    on_parting.register(cancel_sessions, order=FIRST)
    foretold_parting.register(what_becomes_of_them, order=FIRST)
