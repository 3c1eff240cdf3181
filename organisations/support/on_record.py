"""Every page that an operator asks for in a support session, where the organisation sees it."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.http import HttpRequest

from organisations import audit
from organisations.actor import Actor
from organisations.tenancy.scope import acting

VIEWED = "page asked for in a support session"


def viewed(request: HttpRequest, actor: Actor) -> None:
    """Record the request before it is answered, in a transaction of its own.

    The operator's own scope names no organisation; this event is the organisation's.
    """
    assert actor.support is not None
    for_organisation = replace(actor, support=None)
    with acting(for_organisation.scope), transaction.atomic():
        audit.record(
            VIEWED,
            by=for_organisation,
            changes={
                "support_session": actor.support.ref,
                "path": request.path,
                "method": request.method,
            },
        )
