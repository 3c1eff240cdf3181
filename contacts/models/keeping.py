"""What keeping a directory leaves behind: reports, notes of leavers, merged contacts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from contacts.models.areas import Region
from contacts.models.people import Posting
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.references import new_ref


class ReportKind(models.TextChoices):
    """What is said to be wrong with a contact."""

    LEFT = "left", "They have left"
    DETAILS = "details", "The email address or telephone number is wrong"
    ROLE = "role", "They do another job"
    OTHER = "other", "Something else"


class ReportState(models.TextChoices):
    """What became of a report."""

    OPEN = "open", "Waiting for the regional admin"
    APPLIED = "applied", "Put right"
    DISMISSED = "dismissed", "Left as it was"


class Report(GuardedModel):
    """An organisation says that a contact of the directory is wrong; the region's admin decides."""

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="reports")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ReportKind)
    note = models.TextField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.OPEN)
    answer = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["posting", "organisation"],
                condition=Q(state="open"),
                name="report_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="report_decision_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: posting {self.posting_id}"


class HandOver(GuardedModel):
    """A note that somebody who left was asked for, and what they wrote; once.

    Read by the people of their organisation and by the partnerships where they were named.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="hand_overs")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    text = models.TextField(max_length=4000, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(written_at__isnull=True, text="")
                | (Q(written_at__isnull=False) & ~Q(text="")),
                name="hand_over_written_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Hand-over of posting {self.posting_id}"


class Merge(models.Model):
    """Two contacts of a region turned out to be one: `folded` lives on in `kept`."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    kept = models.ForeignKey(Posting, models.PROTECT, related_name="+")
    folded = models.ForeignKey(Posting, models.PROTECT, related_name="+")
    # What pointed at the folded one in the directory, by id: `deputies`, `reports`.
    moved = models.JSONField(default=dict)
    # In how many partnerships a place passed on; which, the database alone knows.
    places = models.PositiveIntegerField(default=0)
    done_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(kept=F("folded")), name="merge_of_two"),
            models.UniqueConstraint(
                fields=["folded"], condition=Q(undone_at__isnull=True), name="folded_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Posting {self.folded_id} into {self.kept_id}"
