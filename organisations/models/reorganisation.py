"""Having the records of an organisation follow when another takes over from it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.models.organisation import Organisation
from organisations.references import new_ref


class ReorganisationState(models.TextChoices):
    """Where a reorganisation stands."""

    OPEN = "open", "Being prepared"
    APPROVED = "approved", "Waiting for its day"
    APPLIED = "applied", "Done"
    CALLED_OFF = "called_off", "Called off"


class Proposal(models.TextChoices):
    """What becomes of one record."""

    FOLLOW = "follow", "Follows to the successor"
    STAY = "stay", "Stays as it is"


class Reorganisation(models.Model):
    """What is to become of everything that an organisation has a part in, and on which day.

    Its successors are those on record for that day. Nothing changes before it is approved and the
    day has come; then the worker applies it row by row, each once.
    """

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="reorganisations")
    happens_on = models.DateField()
    state = models.CharField(
        max_length=10, choices=ReorganisationState, default=ReorganisationState.OPEN
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    # Set by the database when nothing is left to do.
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["predecessor"],
                condition=Q(state__in=["open", "approved"]),
                name="reorganisation_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="reorganisation_approval_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "applied"]) | Q(approved_by__isnull=False),
                name="reorganisation_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False)
                | (~Q(state="applied") & Q(applied_at__isnull=True)),
                name="reorganisation_applied_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor}, {self.happens_on}"

    @property
    def may_change(self) -> bool:
        """Whether it is neither applied nor called off."""
        return self.state in (ReorganisationState.OPEN, ReorganisationState.APPROVED)


class ReorganisationRow(models.Model):
    """One record that an organisation has a part in, and what becomes of it.

    `kind` is registered by the floor that owns the record. A row that follows needs a successor;
    without one an operator is still to decide. Once done it is never done again.
    """

    reorganisation = models.ForeignKey(Reorganisation, models.PROTECT, related_name="rows")
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    proposal = models.CharField(max_length=6, choices=Proposal, default=Proposal.FOLLOW)
    successor = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    # Follows what it belongs to: a partnership's agreements and initiatives go with it.
    goes_along = models.BooleanField(default=False, db_default=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # Set by the database, in the transaction that does it: when, what was done, and the record
    # that it led to.
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True, default="")
    result_id = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reorganisation", "kind", "object_id"], name="reorganisation_row_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"

    @property
    def is_undecided(self) -> bool:
        """Whether it is to follow and nobody has said to whom."""
        return (
            self.proposal == Proposal.FOLLOW and self.successor_id is None and not self.goes_along
        )
