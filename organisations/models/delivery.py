"""One e-mail to one person: the ledger that the outbox works from."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone


class State(models.TextChoices):
    """Where a delivery stands."""

    PENDING = "pending", "Waiting"
    TAKEN = "taken", "Being sent"
    SENT = "sent", "Sent"
    CANCELLED = "cancelled", "Not needed any more"
    DEAD = "dead", "Could not be delivered"
    UNCERTAIN = "uncertain", "Perhaps sent"


class Phase(models.IntegerChoices):
    """How far a taken delivery got; unindexed, so that each step is a cheap update."""

    NOT_STARTED = 0
    HANDED_OVER = 1
    ACCEPTED = 2


class Delivery(models.Model):
    """An e-mail that is due once.

    The key `(kind, subject, recipient, offset_minutes, revision)` is unique: asking twice for
    the same e-mail gives one row. `subject` is the public reference of what it is about;
    `organisation_id` is the organisation on whose behalf it goes out and whose view of the
    record is re-read just before sending. `payload` holds text that exists nowhere else
    (account e-mails) and is emptied once sent; `had_payload` still says that there was one.
    Rows are asked for and withdrawn by `organisations.outbox.asking`, and otherwise changed by
    its worker, or by an operator's decision.
    """

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=60)
    recipient = models.EmailField(max_length=254)
    offset_minutes = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    organisation_id = models.BigIntegerField(null=True)
    posting_id = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    had_payload = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    phase = models.PositiveSmallIntegerField(choices=Phase, default=Phase.NOT_STARTED)
    due_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    uncertain_times = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject", "recipient", "offset_minutes", "revision"],
                name="delivery_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "taken", "uncertain"]) | Q(payload={}),
                name="delivery_payload_emptied",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="delivery_sent_at"
            ),
            models.CheckConstraint(
                condition=(Q(state="taken") & ~Q(claimed_by="") & Q(lease_until__isnull=False))
                | (~Q(state="taken") & Q(claimed_by="") & Q(lease_until__isnull=True)),
                name="delivery_taken_by_someone",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="pending"), name="delivery_due_idx"
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state="taken"), name="delivery_lease_idx"
            ),
            models.Index(fields=["subject"], name="delivery_subject_idx"),
            models.Index(
                fields=["state", "kind"],
                condition=Q(state__in=["uncertain", "dead"]),
                name="delivery_trouble_idx",
            ),
            # Counts what was sent lately. A BRIN index, because recording that a message was
            # accepted stays an update of one row that touches no other index.
            BrinIndex(
                fields=["sent_at"], autosummarize=True, pages_per_range=16, name="delivery_sent_idx"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} → {self.recipient} ({self.state})"


class OutboxDecision(models.Model):
    """An operator had deliveries tried again, or dropped them, and said why.

    Written by a function of the database alone; operators read it.
    """

    RETRY, DROP = "retry", "drop"

    action = models.CharField(
        max_length=5, choices={RETRY: "Tried again", DROP: "Dropped"}, editable=False
    )
    reason = models.TextField(max_length=1000)
    deliveries = ArrayField(models.BigIntegerField())
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    class Meta:
        ordering: ClassVar = ["-decided_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(action__in=["retry", "drop"]), name="outbox_decision_action"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {len(self.deliveries)} deliveries"
