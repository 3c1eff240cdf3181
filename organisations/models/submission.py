"""Forms already received, so that one posted twice is done once."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Submission(models.Model):
    """A form's random key, kept in the transaction that carried it out, and where it led."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    result_url = models.CharField(max_length=400, blank=True)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["received_at"], name="submission_received_idx")]

    def __str__(self) -> str:
        return str(self.key)
