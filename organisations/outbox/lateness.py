"""Whether e-mails go out on time: the one setting that says from when on they do not."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone


def oldest_due() -> datetime | None:
    """Since when the delivery that is the longest due has been so; None when nothing is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.oldest_due()")
        since: datetime | None = cursor.fetchone()[0]
    return since


def is_behind(oldest_due: datetime | None) -> bool:
    """Whether what is the longest due has waited for longer than it may."""
    if oldest_due is None:
        return False
    return timezone.now() - oldest_due > timedelta(minutes=settings.OUTBOX_BEHIND_MINUTES)
