"""A file with an organisation's records that is made in the background, for one person."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.models.organisation import Organisation
from organisations.references import new_ref


class ExportState(models.TextChoices):
    """Where it stands."""

    ASKED = "asked", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Could not be made"
    EXPIRED = "expired", "Removed"


class RecordsExport(models.Model):
    """Asked for by one manager, made by the worker in their scope, fetched by them alone.

    The file is in the row: it is there exactly when the row says so, whenever a worker dies.
    """

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.ASKED)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    content = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "asked_by"],
                condition=Q(state=ExportState.ASKED),
                name="export_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=ExportState.READY,
                    content__isnull=False,
                    made_at__isnull=False,
                    expires_at__isnull=False,
                )
                | (~Q(state=ExportState.READY) & Q(content__isnull=True)),
                name="export_file_while_ready",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["state", "expires_at"],
                condition=Q(state__in=[ExportState.ASKED, ExportState.READY]),
                name="export_to_do",
            )
        ]

    def __str__(self) -> str:
        return f"export {self.ref}"

    @property
    def is_there(self) -> bool:
        """Whether the file can be fetched now."""
        return (
            self.state == ExportState.READY
            and self.expires_at is not None
            and self.expires_at > timezone.now()
        )
