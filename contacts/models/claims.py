"""Schools that an academy trust says are its own, for an operator to decide."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.models import Organisation
from organisations.references import new_ref


class ClaimState(models.TextChoices):
    """Where a claim stands."""

    DRAFT = "draft", "Not sent yet"
    SENT = "sent", "With the operators"
    DECIDED = "decided", "Decided"
    WITHDRAWN = "withdrawn", "Taken back"


OPEN_CLAIMS = (ClaimState.DRAFT, ClaimState.SENT)


class Claim(models.Model):
    """What a trust claims at one time, from its own extract of the register; the file is not kept.

    One at a time: the next when this one is decided or taken back.
    """

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    # Of the file's schools, how many are shown in the trust already.
    held = models.PositiveIntegerField(default=0)
    # Those that are not known here, as [URN, name], the first two hundred.
    unknown = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.DRAFT)
    sent_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state__in=OPEN_CLAIMS),
                name="claim_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=ClaimState.DECIDED, decided_at__isnull=False)
                | (~Q(state=ClaimState.DECIDED) & Q(decided_at=None)),
                name="claim_decided_with_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.ref}"


class ClaimedSchool(models.Model):
    """One school of a claim."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="schools")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    accepted = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["school__name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "school"], name="claimed_school_once"),
        ]

    def __str__(self) -> str:
        return f"{self.school}"
