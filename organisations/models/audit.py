"""What was done, by whom, acting for whom. Append-only; partitioned by month."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from organisations.models.acl import AclField


class AuditEvent(models.Model):
    """One write, sign-in event, refusal or view of another organisation's record.

    People and objects are named by id, never by value. A database trigger fills `acl` (who
    could see the object at that moment) and `partnership_id` (the shared record it belongs to);
    an event is seen by those who could see its object then and still can.
    """

    at = models.DateTimeField(default=timezone.now)
    user_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=60)
    object_table = models.CharField(max_length=63, blank=True)
    object_id = models.BigIntegerField(null=True)
    changes = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, blank=True)
    address = models.GenericIPAddressField(null=True)
    partnership_id = models.BigIntegerField(null=True, editable=False)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
