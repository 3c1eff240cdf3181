"""Looking behind the scenes: what was put on record, and what arrived in mailboxes."""

from __future__ import annotations

import re
from typing import Any

import psycopg
from django.core import mail
from django.core.mail import EmailMessage

from organisations.outbox import engine

Superuser = psycopg.Connection[Any]


def on_record(superuser: Superuser, *, user_id: int | None = None) -> list[str]:
    """The actions in the audit trail, in order; of one person, if given."""
    rows = superuser.execute(
        "SELECT action FROM organisations_auditevent "
        "WHERE %(user)s::bigint IS NULL OR user_id = %(user)s ORDER BY id",
        {"user": user_id},
    ).fetchall()
    return [action for (action,) in rows]


def count(superuser: Superuser, table: str) -> int:
    """How many rows a table really has."""
    row = superuser.execute(f'SELECT count(*) FROM "{table}"').fetchone()
    assert row is not None
    return int(row[0])


def mailed_to(address: str) -> list[EmailMessage]:
    """Everything sent to an address, after the worker has emptied the outbox."""
    engine.drain()
    return [message for message in mail.outbox if message.to == [address]]


def link_in(message: EmailMessage, containing: str) -> str:
    """The path of the one link in a message that contains some text."""
    found = re.findall(r"https?://[^/\s]+(/\S*)", str(message.body))
    (path,) = [each for each in found if containing in each]
    return str(path)
