"""The first person of an organisation, admitted by a confirmed address at a trusted domain.

The database decides (`tandem.admit_by_address`); nothing here could admit anybody else.
"""

from __future__ import annotations

from django.db import connection

from organisations import audit
from organisations.actor import Actor
from organisations.models import JoiningRequest, Role
from organisations.models.joining import JoiningState


def admitted_by_address(joining: JoiningRequest, *, by: Actor) -> bool:
    """Admit the person who asked, if their address alone may; say whether it did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.admit_by_address(%s)", [joining.ref])
        (membership_id,) = cursor.fetchone()
    if membership_id is None:
        return False
    joining.refresh_from_db(fields=["state", "decided_at", "trusted_domain"])
    changes = {
        "organisation": [None, joining.organisation_id],
        "user": [None, joining.user_id],
        "role": [None, str(Role.MANAGER)],
        "membership": [None, membership_id],
        "trusted_domain": joining.trusted_domain_id,
        "state": [str(JoiningState.PENDING), joining.state],
    }
    audit.record("person admitted by their address", by=by, obj=joining, changes=changes)
    return True


def what_it_meets(joining: JoiningRequest) -> str:
    """What stands beside a claim of one's own: "people", other "claims", or nothing ("")."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.what_a_claim_meets(%s)", [joining.ref])
        (meets,) = cursor.fetchone()
    return meets or ""
