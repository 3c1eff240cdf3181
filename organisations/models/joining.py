"""Requests to speak for an organisation, decided by a platform operator or a trusted address."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.models.organisation import Organisation
from organisations.models.standing import TrustedDomain
from organisations.references import new_ref


class JoiningState(models.TextChoices):
    """Where a request stands."""

    PENDING = "pending", "Waiting for an operator"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"


class JoiningRequest(models.Model):
    """Someone asks to speak for an organisation; nobody is admitted before it is approved.

    An operator approves it, or `trusted_domain`: the domain of a confirmed address, which an
    operator trusts for this organisation, admits its first person. The database sees to that.
    """

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="joining_requests")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="joining_requests"
    )
    job_title = models.CharField("your job title", max_length=120)
    evidence = models.TextField("how we can check this", max_length=1000)
    invited_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=JoiningState, default=JoiningState.PENDING)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    trusted_domain = models.ForeignKey(
        TrustedDomain, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_note = models.TextField(max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar = ["created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=Q(state=JoiningState.PENDING),
                name="joining_pending_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=JoiningState.PENDING, decided_at__isnull=True, decided_by__isnull=True
                )
                | (
                    ~Q(state=JoiningState.PENDING)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                )
                | Q(
                    state=JoiningState.APPROVED,
                    decided_at__isnull=False,
                    decided_by__isnull=True,
                    trusted_domain__isnull=False,
                ),
                name="joining_decision_complete",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(trusted_domain__isnull=False),
                name="joining_by_address_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.organisation}"
