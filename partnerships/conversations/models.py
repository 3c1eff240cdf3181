"""What was said between the two sides, or noted by one of them for itself."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership


class ConversationKind(models.TextChoices):
    """How people spoke."""

    MEETING = "meeting", "Meeting"
    CALL = "call", "Telephone or video call"
    EMAIL = "email", "Email"
    VISIT = "visit", "Visit"
    INTRODUCTION = "intro", "Introduction"


LONGEST_PERSON = 300
LONGEST_OTHERS = 200


class Conversation(GuardedModel):
    """A conversation as one organisation logged it.

    `internal` ones are seen by the author's organisation alone; the database sets their `acl`
    to just that. A withdrawn one stays in the record, without its text on any page.

    `people` are those of both sides who took part, in words as they were known that day: name and
    organisation. `others` are more, by role. Of an introduction they are those who were introduced
    to each other, and `introduced_by` is who connected them.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="conversations")
    author_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ConversationKind)
    held_on = models.DateField()
    summary = models.TextField(max_length=4000)
    internal = models.BooleanField(default=False)
    people = ArrayField(models.CharField(max_length=LONGEST_PERSON), default=list, db_default=[])
    others = models.CharField(max_length=LONGEST_OTHERS, blank=True, db_default="")
    introduced_by = models.CharField(max_length=LONGEST_OTHERS, blank=True, db_default="")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["-held_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(summary__regex=r"^\s*$"), name="conversation_says_something"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="conversation_withdrawal_complete",
            ),
            models.CheckConstraint(
                condition=(Q(kind=ConversationKind.INTRODUCTION) & ~Q(introduced_by=""))
                | (~Q(kind=ConversationKind.INTRODUCTION) & Q(introduced_by="")),
                name="conversation_introduction_by_someone",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="conversation_acl"),
            models.Index(fields=["partnership", "-held_on", "-id"], name="conversation_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.held_on:%-d %B %Y}"
