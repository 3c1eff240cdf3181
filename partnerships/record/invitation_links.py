"""The signed link of an invitation: made from its reference and sending, stored nowhere.

Not here: what may be done with an invitation (`services`), what the page says (`views`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from partnerships.record.models import Invitation

SALT = "tandem.invitation"


class LinkState(StrEnum):
    """What became of an invitation, as its link tells; the first that holds."""

    WITHDRAWN = "withdrawn"
    USED = "used"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class FoundInvitation:
    """What a link's holder may learn, before anybody knows who they are."""

    ref: str
    partnership_name: str
    from_organisation_id: int
    to_organisation_id: int
    message: str
    expires_at: datetime
    state: LinkState


def token_of(invitation: Invitation) -> str:
    """The token of the invitation's latest sending; always the same one, without a time."""
    return signing.Signer(salt=SALT).sign_object([invitation.ref, invitation.sending])


def link_of(invitation: Invitation) -> str:
    """The whole address, as the e-mail gives it."""
    path = reverse("invitation", kwargs={"token": token_of(invitation)})
    return f"{settings.BASE_URL}{path}"


def find(token: str) -> FoundInvitation | None:
    """The invitation behind a link, whoever holds it; None for one that we did not make.

    Reads through a function of the database, because the reader acts for nobody yet.
    """
    try:
        ref, sending = signing.Signer(salt=SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT partnership_name, from_organisation_id, to_organisation_id, message,"
            " expires_at, used_at, revoked_at, superseded FROM tandem.find_invitation(%s, %s)",
            [ref, sending],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    name, from_id, to_id, message, expires_at, used_at, revoked_at, superseded = row
    if revoked_at is not None:
        state = LinkState.WITHDRAWN
    elif used_at is not None:
        state = LinkState.USED
    elif superseded:
        state = LinkState.SUPERSEDED
    else:
        state = LinkState.EXPIRED if expires_at <= timezone.now() else LinkState.OPEN
    return FoundInvitation(ref, name, from_id, to_id, message, expires_at, state)
