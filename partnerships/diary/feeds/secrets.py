"""The secret in a feed's address, and whose feed it opens.

The secret itself is kept nowhere: it is shown once, and found again by its hash. With 256 random
bits a plain hash is enough; there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.urls import reverse

from organisations.actor import ActingOrganisation, Actor
from organisations.models import Role

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class OpenFeed:
    """A feed that stands, and whoever it reads for."""

    id: int
    actor: Actor
    kind: str
    partnership_id: int | None
    with_year: bool


def new_secret() -> str:
    """Forty-three characters that fit an address."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def address_of(secret: str) -> str:
    """The whole address, for a calendar program."""
    return f"{settings.BASE_URL}{reverse('calendar-feed', kwargs={'secret': secret})}"


def open_feed(secret: str) -> OpenFeed | None:
    """The feed at an address; None for a wrong, ended or closed one, without saying which.

    Reads through a function of the database, because the reader acts for nobody yet; it notes
    that the feed was read.
    """
    if not SECRET.fullmatch(secret):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT feed, organisation_id, name, slug, organisation_kind, person_id, role, kind,"
            " partnership_id, with_year FROM tandem.open_feed(%s)",
            [hash_of(secret)],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    feed, organisation_id, name, slug, organisation_kind, person_id, role, *about = row
    organisation = ActingOrganisation(organisation_id, name, slug, organisation_kind)
    return OpenFeed(feed, Actor(person_id, organisation, Role(role)), *about)


def holds_since(feed: OpenFeed, content: str) -> datetime:
    """Since when the feed has held what has this hash; for whoever acts as its person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.feed_holds(%s, %s)", [feed.id, content])
        row = cursor.fetchone()
    assert row is not None
    since: datetime = row[0]
    return since
