"""What somebody on either side of a partnership has taken on, by when, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from contacts.models import Posting
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership


class ActionState(models.TextChoices):
    """What became of it."""

    OPEN = "open", "Open"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


CLOSED = (ActionState.DONE, ActionState.DROPPED)
# What is read with an action to say whose it is and to tell them. Joined, so that a posting that
# the reader may not see is none, and no error.
RELATED = (
    "partnership",
    "author",
    "author_organisation",
    "author_posting__person",
    "author_posting__details",
    "author_posting__organisation",
    "owner_organisation",
    "owner_user",
    "owner_posting__person",
    "owner_posting__details",
    "closed_by",
    "closed_organisation",
    "closed_posting__person",
)


class Action(GuardedModel):
    """Something that one organisation of a partnership is to do.

    Its owner is an organisation, and, where one is chosen, a person there: somebody known by a
    posting, or a colleague who signs in. Whoever answers by a link in an e-mail has no account:
    then `author_posting` and `closed_posting` say who it was. `origin` is what it arose from, as
    the part of a neutral address ("t-…" of a touchpoint). Changing it raises `revision`, and
    with it every reminder is replaced.
    """

    guard_exempt = frozenset({"ref", "origin"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="actions")
    author_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    author_posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    details = models.TextField(max_length=2000, blank=True)
    owner_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    owner_posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="+")
    owner_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    origin = models.CharField(max_length=20, blank=True)
    revision = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=ActionState, default=ActionState.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="+")
    closed_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+"
    )
    # Kept when it is opened again, so that nobody's words are lost.
    closing_note = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(title__regex=r"^\s*$"), name="action_says_something"
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=True, author_posting__isnull=False)
                | Q(author__isnull=False, author_posting__isnull=True),
                name="action_added_by_one_person",
            ),
            models.CheckConstraint(
                condition=Q(owner_posting__isnull=True) | Q(owner_user__isnull=True),
                name="action_owned_by_one_person",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=ActionState.OPEN,
                    closed_at__isnull=True,
                    closed_by__isnull=True,
                    closed_posting__isnull=True,
                    closed_organisation__isnull=True,
                )
                | (
                    ~Q(state=ActionState.OPEN)
                    & Q(closed_at__isnull=False, closed_organisation__isnull=False)
                    & (
                        Q(closed_by__isnull=True, closed_posting__isnull=False)
                        | Q(closed_by__isnull=False, closed_posting__isnull=True)
                    )
                ),
                name="action_closing_complete",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="action_acl"),
            models.Index(fields=["partnership", "-created_at", "-id"], name="action_partnership"),
            models.Index(
                fields=["owner_organisation", "due_on"],
                condition=Q(state="open"),
                name="action_to_do",
            ),
            models.Index(
                fields=["author_organisation", "due_on"],
                condition=Q(state="open"),
                name="action_given",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state == ActionState.OPEN

    def is_overdue(self, day: date) -> bool:
        """Whether it was to be done before that day, and was not."""
        return self.is_open and self.due_on is not None and self.due_on < day
