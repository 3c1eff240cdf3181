"""What goes into one summary, read as its reader: row security decides what there is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction

from organisations.actor import ActingOrganisation, Actor
from organisations.models import Delivery, Organisation, Role
from organisations.outbox.composing import why_closed
from organisations.outbox.kinds import kind_named
from organisations.permissions import Permission, can
from organisations.tenancy.scope import Scope, acting
from overview.home_page import Soon, coming, tasks_of
from overview.partnership_list import Line

logger = structlog.get_logger("tandem.digest")

AHEAD = timedelta(weeks=2)
MOST_TASKS = 15
READERS = "SELECT * FROM tandem.readers_of_digest(%s)"
KEY = (
    "pk",
    "kind",
    "subject",
    "recipient",
    "offset_minutes",
    "revision",
    "organisation_id",
    "posting_id",
)
NEWS = "SELECT * FROM tandem.news_for_digest(%s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Part:
    """What needs its reader in one organisation."""

    organisation: str
    home: str
    tasks: list[Line]
    more: int
    soon: list[Soon]


@dataclass(frozen=True, slots=True)
class News:
    """An e-mail that was held: its subject, and where it leads."""

    words: str
    href: str


def parts_of(delivery: Delivery) -> list[Part]:
    """One part for each organisation of the reader with something in it."""
    return [part for actor in _actors(delivery) if (part := _part(actor)) is not None]


def news_of(delivery: Delivery, since: datetime, until: datetime) -> list[News]:
    """What was held since the summary before and still holds, each asked of its kind anew."""
    return [news for each in _held(delivery, since, until) if (news := _news(each)) is not None]


def _actors(delivery: Delivery) -> Iterator[Actor]:
    for user_id, pk, name, slug, kind, role in _rows(READERS, [delivery.pk]):
        yield Actor(user_id, ActingOrganisation(pk, name, slug, kind), Role(role))


def _part(actor: Actor) -> Part | None:
    assert actor.organisation is not None
    if not can(actor, Permission.SEE_RECORDS):
        return None
    with acting(actor.scope), transaction.atomic():
        tasks, soon = tasks_of(actor), coming(actor, AHEAD)
    if not tasks and not soon:
        return None
    return Part(
        actor.organisation.name,
        f"/o/{actor.organisation.slug}/",
        tasks[:MOST_TASKS],
        max(0, len(tasks) - MOST_TASKS),
        soon,
    )


def _held(delivery: Delivery, since: datetime, until: datetime) -> Iterator[Delivery]:
    for *key, payload in _rows(NEWS, [delivery.pk, since, until]):
        yield Delivery(**dict(zip(KEY, key, strict=True)), payload=json.loads(payload))


def _news(held: Delivery) -> News | None:
    """As the organisation sees it on whose behalf it would have gone; None once it lost its
    point. One that cannot be written is left out, and the others are told."""
    try:
        kind = kind_named(held.kind)
        with acting(Scope(organisation_id=held.organisation_id)), transaction.atomic():
            if held.organisation_id is not None:
                sender = Organisation.objects.get(pk=held.organisation_id)
                if why_closed(sender, after_leaving=kind.after_leaving):
                    return None
            message = kind.compose(held)
    except Exception as error:
        logger.error("news left out", delivery=held.pk, error=type(error).__name__)
        return None
    if not isinstance(message, EmailMessage):
        return None
    return News(" ".join(str(message.subject).split()), _first_page(str(message.body)))


def _first_page(text: str) -> str:
    """The first of our own pages that an e-mail leads to; home for one that leads nowhere."""
    found = re.search(re.escape(settings.BASE_URL) + r"/(?:r|o)/\S+", text)
    return found[0] if found else f"{settings.BASE_URL}/"


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
