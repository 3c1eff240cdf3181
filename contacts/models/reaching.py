"""Who opened how to reach somebody in the directory, and who asked to."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Func, Q
from django.utils import timezone

from contacts.models.people import Posting
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.references import new_ref


class DetailsOpened(models.Model):
    """Somebody opened the contact details of a posting in the directory. Kept, never changed."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="openings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    class Meta:
        verbose_name_plural = "details opened"
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-at"], name="details_opened_by"),
        ]

    def __str__(self) -> str:
        return f"Details of posting {self.posting_id} opened"


class DetailsRequest(GuardedModel):
    """An organisation asks how to reach somebody whose details are given on request only.

    The admin of the posting's region decides; `approved` is empty until then.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="requests")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(max_length=500)
    approved = models.BooleanField(null=True)
    answer = models.TextField(max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # Whose the events about it are: the organisation that asks.
    acl = models.GeneratedField(
        expression=Func("organisation_id", template="ARRAY[%(expressions)s]"),
        output_field=ArrayField(models.BigIntegerField()),
        db_persist=True,
        editable=False,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["posting", "organisation"],
                condition=Q(approved__isnull=True) | Q(approved=True),
                name="details_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(approved__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="details_request_decision_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} asks for the details of posting {self.posting_id}"
