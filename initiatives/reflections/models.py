"""What went well, what is changed, and who is missing, as one member sees it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from initiatives.plans.models import Initiative, PlanLine
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership
from partnerships.wins.models import Win

LONGEST = 1000


class Occasion(models.TextChoices):
    """What gave the occasion to reflect."""

    TERM = "term", "This term"
    MILESTONE = "milestone", "A milestone"
    CLOSING = "closing", "The end"


class Reflection(GuardedModel):
    """What one member says at a milestone, in a term (`term` names it) or at the end.

    Every member reads it. `win` is what it celebrates, logged for the partnership. Its text never
    changes; one that was taken back stays in the record, without its text on any page.
    """

    guard_exempt = frozenset({"ref", "term"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="reflections")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    author_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    occasion = models.CharField(max_length=10, choices=Occasion)
    term = models.CharField(max_length=40, blank=True)
    milestone = models.ForeignKey(PlanLine, models.PROTECT, null=True, related_name="+")
    went_well = models.TextField(max_length=LONGEST, blank=True)
    change = models.TextField(max_length=LONGEST, blank=True)
    missing = models.TextField(max_length=LONGEST, blank=True)
    win = models.ForeignKey(Win, models.PROTECT, null=True, related_name="+")
    reflected_on = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(went_well="", change="", missing=""),
                name="reflection_says_something",
            ),
            models.CheckConstraint(
                condition=(Q(occasion="term") & ~Q(term="") & Q(milestone__isnull=True))
                | Q(occasion="milestone", term="", milestone__isnull=False)
                | Q(occasion="closing", term="", milestone__isnull=True),
                name="reflection_has_its_occasion",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="reflection_withdrawal_complete",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="reflection_acl"),
            models.Index(fields=["initiative", "-created_at", "-id"], name="reflection_recent"),
        ]

    def __str__(self) -> str:
        return f"Reflection of {self.reflected_on:%-d %B %Y}"

    @property
    def about(self) -> str:
        """What gave the occasion, in words."""
        if self.occasion == Occasion.TERM:
            return self.term
        if self.milestone is not None:
            return f"Milestone: {self.milestone.words}"
        return "At the end"
