"""Reminders that are asked for already, when their reader chooses other times."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from organisations.outbox.preferences.services import on_reminders_changed


def register() -> None:
    """Follow what people choose for themselves."""
    on_reminders_changed(follow)


def follow(reference: str) -> int:
    """Withdraw and ask for reminders as their reader wants them by now; says how many are new.

    The reader is whoever acts, or the one that the e-mail with that reference went to. The database
    does it, because they may be reminded on behalf of organisations that are not theirs.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tandem.touchpoint_reminders_follow(%s, %s)", [reference, timezone.now()]
        )
        return int(cursor.fetchone()[0] or 0)
