"""Times at which the two sides meet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from contacts.models import Posting
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership
from partnerships.touchpoints.models.series import (
    MOST_REMINDERS,
    TouchpointKind,
    TouchpointSeries,
    the_day_before,
)


class TouchpointState(models.TextChoices):
    """What became of it."""

    SCHEDULED = "scheduled", "Scheduled"
    HELD = "held", "Held"
    MOVED = "moved", "Moved to another day"
    MISSED = "missed", "Missed"
    CANCELLED = "cancelled", "Cancelled"


class Touchpoint(GuardedModel):
    """One planned meeting of a partnership.

    Moving it raises `revision`, and with it every reminder and calendar entry is replaced.

    Of a series it is the date that stands for `ideal_on`, the day that the rule gives; `detached`
    once it has a plan of its own, which a change of the whole series leaves alone. One that did
    not take place and was moved keeps its day; the new one `replaces` it.
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
    # Minutes before its beginning at which people are reminded, on London clocks.
    reminder_minutes = ArrayField(models.PositiveIntegerField(), default=the_day_before)
    series = models.ForeignKey(
        TouchpointSeries, models.PROTECT, null=True, blank=True, related_name="touchpoints"
    )
    ideal_on = models.DateField(null=True, blank=True)
    detached = models.BooleanField(default=False, db_default=False)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    revision = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=TouchpointState, default=TouchpointState.SCHEDULED
    )
    outcome_notes = models.TextField(max_length=4000, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    # Whoever recorded it: signed in, or as a contact by the link in an e-mail.
    outcome_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    outcome_posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="+")
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
                    outcome_posting__isnull=True,
                    outcome_organisation__isnull=True,
                )
                | (
                    ~Q(state=TouchpointState.SCHEDULED)
                    & Q(outcome_at__isnull=False, outcome_organisation__isnull=False)
                    & (
                        Q(outcome_by__isnull=False, outcome_posting__isnull=True)
                        | Q(outcome_by__isnull=True, outcome_posting__isnull=False)
                    )
                ),
                name="touchpoint_outcome_complete",
            ),
            # What is still to come can only be cancelled.
            models.CheckConstraint(
                condition=Q(state__in=(TouchpointState.SCHEDULED, TouchpointState.CANCELLED))
                | Q(outcome_at__gte=F("starts_at")),
                name="touchpoint_outcome_after_its_beginning",
            ),
            models.CheckConstraint(
                condition=~Q(state=TouchpointState.SCHEDULED) | Q(outcome_notes=""),
                name="touchpoint_notes_of_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True, ideal_on__isnull=True, detached=False)
                | Q(series__isnull=False, ideal_on__isnull=False),
                name="touchpoint_in_series_or_single",
            ),
            models.CheckConstraint(
                condition=Q(reminder_minutes__len__lte=MOST_REMINDERS),
                name="touchpoint_reminders_few",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="touchpoint_acl"),
            models.Index(fields=["partnership", "starts_at", "id"], name="touchpoint_partnership"),
            models.Index(fields=["starts_at", "id"], name="touchpoint_time"),
            models.Index(
                fields=["series", "starts_at"],
                condition=Q(series__isnull=False),
                name="touchpoint_series",
            ),
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
