"""Reviews of a partnership, and what each person answered, which only they read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from calendars.london import today
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, Sector, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership
from partnerships.reviews.rounds import Round


class Kind(models.TextChoices):
    """How much a review asks. The questions are data: `questions`."""

    PULSE = "pulse", "Pulse"
    FULL = "full", "Full review"


class Review(GuardedModel):
    """One review of a partnership: at most one pulse a term, and one full review a year.

    It closes after `closes_on`, or before, once both sides have answered. It never opens again.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="reviews")
    author_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    year = models.PositiveSmallIntegerField()
    term = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(default=timezone.now)
    closes_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "kind", "year", "term"], name="review_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(kind="pulse", term__in=[1, 2, 3]) | Q(kind="full", term=0),
                name="review_round_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="review_closing_complete",
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="review_acl")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What it is called, like `Pulse, autumn term, 2026/27`."""
        label = self.round.label
        return f"{self.get_kind_display()}, {label[0].lower()}{label[1:]}"

    @property
    def round(self) -> Round:
        """Which term or year it is of."""
        return Round(self.year, self.term)

    @property
    def is_open(self) -> bool:
        """Whether it can be answered."""
        return self.closed_at is None and self.closes_on >= today()


class AnswerSet(GuardedModel):
    """What one person answered in one review: 1 to 4 by question, or `na`.

    Only they read it; everybody else, their own organisation too, learns averages alone.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="answer_sets")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Sector)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    answers: Any = models.JSONField(default=dict)
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "user"], name="review_answered_once"),
            models.CheckConstraint(condition=Q(side__in=Sector.values), name="review_answer_side"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.review}"
