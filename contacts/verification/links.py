"""The links in the directory's e-mails: signed from an e-mail's reference, stored nowhere.

Reading one changes nothing. What it opens is asked of a function of the database, because
whoever holds it acts for nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from contacts.models import CheckOutcome, LetterKind, Listing

SALT = "tandem.directory"
# Read by the person themselves, at the address that the directory has.
TO_THE_PERSON = frozenset(
    {LetterKind.NOTICE, LetterKind.CHECK, LetterKind.CHECK_AGAIN, LetterKind.DETAILS_LINK}
)
CHECKS = frozenset({LetterKind.CHECK, LetterKind.CHECK_AGAIN, LetterKind.CHECK_ORGANISATION})


class LinkState(StrEnum):
    """What became of a question, as its link tells; the first that holds."""

    ANSWERED = "answered"
    OVERTAKEN = "overtaken"
    EXPIRED = "expired"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class FoundLetter:
    """What the holder of a link may learn. Of an e-mail about no posting, most is None."""

    kind: str
    recipient: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    posting_id: int | None
    posting_ref: str | None
    listing: str | None
    name: str
    job_title: str
    organisation: str
    region: str | None
    region_slug: str | None
    email: str
    telephone: str
    source: str
    lawful_basis: str
    started_on: date | None
    ended_on: date | None
    checked_at: datetime | None
    checked_by: str
    bounced: bool
    offered_by: str | None
    first: bool
    is_open: bool
    outcome: str
    closed_at: datetime | None
    ref: str = ""

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at <= timezone.now()

    @property
    def state(self) -> LinkState:
        """Where the question stands that it asks."""
        if self.outcome in (CheckOutcome.RIGHT, CheckOutcome.CHANGED, CheckOutcome.LEFT):
            return LinkState.ANSWERED
        if not self.is_open:
            return LinkState.OVERTAKEN
        return LinkState.EXPIRED if self.expired else LinkState.OPEN

    @property
    def by_organisation(self) -> bool:
        """Whether somebody else at the organisation is asked, and not the person."""
        return self.kind == LetterKind.CHECK_ORGANISATION

    @property
    def still_theirs(self) -> bool:
        """Whether it went to the address that the directory still has, of somebody in it."""
        return (
            self.listing in (Listing.LISTED, Listing.OFFERED)
            and self.ended_on is None
            and self.recipient.lower() == self.email.lower()
        )


def token_of(ref: str) -> str:
    """The token of one e-mail; always the same."""
    return signing.Signer(salt=SALT).sign(ref)


def address(name: str, ref: str) -> str:
    """The whole address of a page behind an e-mail's link."""
    return f"{settings.BASE_URL}{reverse(name, kwargs={'token': token_of(ref)})}"


def find(token: str) -> FoundLetter | None:
    """What a link opens, whoever holds it; None for one that we did not make."""
    try:
        return find_by_ref(signing.Signer(salt=SALT).unsign(token))
    except signing.BadSignature:
        return None


def find_by_ref(ref: str) -> FoundLetter | None:
    """The same, for whoever writes the e-mail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.find_letter(%s)", [ref])
        row = cursor.fetchone()
        names = [column.name for column in cursor.description]
    return None if row is None else FoundLetter(**dict(zip(names, row, strict=True)), ref=ref)
