"""Changes of organisations that are announced: not certain yet, or certain and still to come."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.guarded_models import GuardedModel
from organisations.models.membership import NewRef
from organisations.models.organisation import Organisation
from organisations.references import new_ref


class Confidence(models.TextChoices):
    """How sure the source is."""

    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class ChangeState(models.TextChoices):
    """Where an announced change stands."""

    ANNOUNCED = "announced", "Announced"
    CONFIRMED = "confirmed", "Confirmed"
    DROPPED = "dropped", "Dropped"
    DONE = "done", "Done"


# Still to come, as far as anybody knows.
AHEAD = (ChangeState.ANNOUNCED, ChangeState.CONFIRMED)


class AnnouncedChange(GuardedModel):
    """That an organisation is expected to merge or end: when, into what, and who says so.

    From published lists (without `recorded_by`) or by an operator. What a person decided about one
    stays when the lists are loaded again. `into` is for readers: who takes over may not exist yet.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(
        max_length=12, unique=True, default=new_ref, db_default=NewRef(), editable=False
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="announced_changes")
    expected_on = models.DateField()
    into = models.CharField(max_length=300)
    confidence = models.CharField(max_length=6, choices=Confidence)
    source = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=ChangeState, default=ChangeState.ANNOUNCED)
    note = models.TextField(max_length=1000, blank=True, default="", db_default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["expected_on", "organisation__name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "expected_on"], name="announced_change_once"
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state__in=["announced", "confirmed"]),
                name="announced_change_one_ahead",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="announced_change_decision_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | (Q(decided_by__isnull=False) & ~Q(note="")),
                name="announced_change_dropped_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.expected_on}"
