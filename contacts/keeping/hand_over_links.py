"""The signed link with which somebody who left writes a note, without signing in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import connection
from django.urls import reverse
from django.utils import timezone

SALT = "tandem.hand-over"
# As `tandem.write_hand_over` counts them.
OPEN_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a note is about, as the holder of its link may know."""

    ref: str
    person: str
    job_title: str
    organisation: str
    written_at: datetime | None
    asked_at: datetime
    posting_id: int

    @property
    def is_open(self) -> bool:
        """Whether it can still be written."""
        return self.written_at is None and timezone.now() < self.asked_at + OPEN_FOR


def link_of(ref: str) -> str:
    """The whole address, as the e-mail gives it."""
    token = signing.Signer(salt=SALT).sign(ref)
    return f"{settings.BASE_URL}{reverse('hand-over', args=[token])}"


def find(token: str) -> Asked | None:
    """What a link is about; None for one that we did not make."""
    try:
        ref = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None
    return about(ref)


def about(ref: str) -> Asked | None:
    """The same, by the reference."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, job_title, organisation, written_at, asked_at, posting_id"
            " FROM tandem.find_hand_over(%s)",
            [ref],
        )
        row = cursor.fetchone()
    return None if row is None else Asked(ref, *row)
