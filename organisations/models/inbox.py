"""What is kept of the reading of the service's own mailbox."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone


class InboxMessage(models.Model):
    """A message that came in and what became of it: no address and no word of it.

    `key` is a digest of its Message-ID. Written by functions of the database alone, and removed
    after ninety days.
    """

    HANDLED, OTHER = "handled", "other"

    key = models.CharField(max_length=64, unique=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    sort = models.CharField(max_length=40, blank=True)
    folder = models.CharField(
        max_length=7, choices={HANDLED: "Handled", OTHER: "Set aside"}, blank=True
    )
    reason = models.CharField(max_length=300, blank=True)
    domain = models.CharField(max_length=120, blank=True)
    delivery_id = models.BigIntegerField(null=True)
    begun_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(folder="", handled_at__isnull=True)
                | (Q(folder__in=["handled", "other"]) & Q(handled_at__isnull=False)),
                name="inbox_message_folder",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["handled_at"], name="inbox_message_when")]

    def __str__(self) -> str:
        return f"{self.sort or 'not handled yet'} {self.folder}"


class InboxReading(models.Model):
    """How the reading stands: one row. `read_at` is when all went well last."""

    switched_on = models.BooleanField(default=True)
    claimed_by = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="inbox_reading_one_row"),
        ]

    def __str__(self) -> str:
        return f"read {self.read_at}"
