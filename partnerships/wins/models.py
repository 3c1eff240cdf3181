"""What went well, in one line."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership

LONGEST_LINE, LONGEST_QUOTE, LONGEST_ROLE = 200, 300, 100


class Win(GuardedModel):
    """Something that went well, as one organisation logged it.

    `internal` ones are seen by that organisation alone, until somebody there shares them; what is
    shared stays shared. `quoted` says in which role somebody said the `quote`, never their name.
    One that was taken back stays in the record, without its text on any page. The text never
    changes.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="wins")
    author_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    line = models.CharField(max_length=LONGEST_LINE)
    quote = models.CharField(max_length=LONGEST_QUOTE, blank=True)
    quoted = models.CharField(max_length=LONGEST_ROLE, blank=True)
    happened_on = models.DateField()
    internal = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    shared_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["-happened_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(line__regex=r"^\s*$"), name="win_says_something"),
            models.CheckConstraint(
                condition=Q(quote="", quoted="") | (~Q(quote="") & ~Q(quoted="")),
                name="win_quote_says_whose",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="win_withdrawal_complete",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="win_acl"),
            models.Index(fields=["partnership", "-happened_on", "-id"], name="win_recent"),
        ]

    def __str__(self) -> str:
        return f"Win of {self.happened_on:%-d %B %Y}"
