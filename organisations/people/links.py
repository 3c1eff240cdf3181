"""The signed link of a person's invitation: made from its reference and sending, stored nowhere.

Not here: accepting (`services.accepting`), what the page says (`views.links`).
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

from organisations.models import Organisation, PersonInvitation, Role

SALT = "tandem.person_invitation"


class LinkState(StrEnum):
    """What became of an invitation, as its link tells; the first that holds."""

    BELONGS = "belongs"
    WITHDRAWN = "withdrawn"
    USED = "used"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    CLOSED = "closed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class FoundInvitation:
    """What a link's holder may learn. Not the address: only whether the reader confirmed it."""

    ref: str
    sending: int
    organisation: Organisation
    role: Role
    invited_by: str
    expires_at: datetime
    for_reader: bool
    state: LinkState


def token_of(invitation: PersonInvitation) -> str:
    """The token of the invitation's latest sending."""
    return signing.dumps([invitation.ref, invitation.sending], salt=SALT)


def link_of(invitation: PersonInvitation) -> str:
    """The whole address, as the e-mail gives it."""
    path = reverse("person-invitation", kwargs={"token": token_of(invitation)})
    return f"{settings.BASE_URL}{path}"


def find(token: str) -> FoundInvitation | None:
    """The invitation behind a link, whoever holds it; None for one that we did not make.

    Reads through a function of the database, because the reader acts for nobody yet.
    """
    try:
        ref, sending = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation_id, role, invited_by, expires_at, used_at, revoked_at,"
            " superseded, for_reader, belongs FROM tandem.find_person_invitation(%s, %s)",
            [ref, sending],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    organisation = Organisation.objects.get(pk=row[0])
    _, role, invited_by, expires_at, used_at, revoked_at, superseded, for_reader, belongs = row
    state = LinkState.OPEN
    for holds, what in (
        (belongs, LinkState.BELONGS),
        (revoked_at is not None, LinkState.WITHDRAWN),
        (used_at is not None, LinkState.USED),
        (superseded, LinkState.SUPERSEDED),
        (expires_at <= timezone.now(), LinkState.EXPIRED),
        (not organisation.has_joined, LinkState.CLOSED),
    ):
        if holds:
            state = what
            break
    return FoundInvitation(
        ref, sending, organisation, Role(role), invited_by, expires_at, for_reader, state
    )
