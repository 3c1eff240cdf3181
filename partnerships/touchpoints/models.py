"""Times at which the two sides meet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership


class TouchpointKind(models.TextChoices):
    """What sort of meeting it is."""

    UPDATE = "update", "Short update"
    PLANNING = "planning", "Shared planning meeting"
    FORUM = "forum", "Existing multi-agency forum"
    REVIEW = "review", "Review"


class TouchpointState(models.TextChoices):
    """What became of it."""

    SCHEDULED = "scheduled", "Scheduled"
    HELD = "held", "Held"
    MISSED = "missed", "Missed"
    CANCELLED = "cancelled", "Cancelled"


class Touchpoint(GuardedModel):
    """One planned meeting of a partnership.

    Moving it raises `revision`, and with it every reminder and calendar entry is replaced.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="touchpoints")
    author_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=TouchpointKind)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=30)
    venue = models.CharField("place or link", max_length=300, blank=True)
    agenda = models.TextField(max_length=2000, blank=True)
    revision = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=TouchpointState, default=TouchpointState.SCHEDULED
    )
    outcome_notes = models.TextField(max_length=4000, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    outcome_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480), name="touchpoint_length_sensible"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=TouchpointState.SCHEDULED,
                    outcome_at__isnull=True,
                    outcome_by__isnull=True,
                    outcome_organisation__isnull=True,
                )
                | (
                    ~Q(state=TouchpointState.SCHEDULED)
                    & Q(
                        outcome_at__isnull=False,
                        outcome_by__isnull=False,
                        outcome_organisation__isnull=False,
                    )
                ),
                name="touchpoint_outcome_complete",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="touchpoint_acl"),
            models.Index(fields=["partnership", "starts_at", "id"], name="touchpoint_partnership"),
            models.Index(fields=["starts_at", "id"], name="touchpoint_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_at:%Y-%m-%d}"

    @property
    def ends_at(self) -> datetime:
        """When it is planned to end."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def has_begun(self) -> bool:
        """Whether its time has come; from then on it has an outcome, and its plan stands."""
        return self.starts_at <= timezone.now()
