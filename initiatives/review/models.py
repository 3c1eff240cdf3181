"""Who was asked to look at an initiative, what they said of it, and what they last saw."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from calendars.london import today
from initiatives.plans.models import Initiative
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership

LONGEST_MESSAGE, LONGEST_COMMENT, LONGEST_WORDS = 500, 1000, 1000


class RequestState(models.TextChoices):
    """What became of a request."""

    OPEN = "open", "Waiting for an answer"
    ANSWERED = "answered", "Answered"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Section(models.TextChoices):
    """The parts of an initiative that a comment may be about."""

    WHOLE = "whole", "The initiative as a whole"
    AIM = "aim", "Aim"
    SITES = "sites", "Sites and audience"
    LEADS = "leads", "Leads"
    DATES = "dates", "Dates and milestones"
    NEEDS = "needs", "What is needed"
    RISKS = "risks", "Risks"
    SESSIONS = "sessions", "Sessions"
    MEASURES = "measures", "Measures"


class VerdictKind(models.TextChoices):
    """How a review ends."""

    ENDORSED = "endorsed", "Endorsed"
    CHANGES = "changes", "Changes requested"


class ReviewRequest(GuardedModel):
    """A member organisation, or one person with a personal grant, is asked to review.

    `author_organisation` asks. Whoever is asked acknowledges that it has arrived, and answers with
    a verdict. There is one open request at most for each of them and an initiative.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="review_requests")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    author_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    to_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    message = models.CharField(max_length=LONGEST_MESSAGE, blank=True)
    due_on = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.OPEN)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["asked_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(to_organisation__isnull=False, to_user__isnull=True)
                | Q(to_organisation__isnull=True, to_user__isnull=False),
                name="review_request_to_one",
            ),
            models.UniqueConstraint(
                fields=["initiative", "to_organisation"],
                condition=Q(state="open"),
                name="review_request_once_open",
            ),
            models.UniqueConstraint(
                fields=["initiative", "to_user"],
                condition=Q(state="open"),
                name="review_request_once_open_to_person",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="review_request_acknowledgement_complete",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="review_request_withdrawal_complete",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="review_request_acl"),
            models.Index(
                fields=["to_organisation", "asked_at", "id"],
                condition=Q(state="open"),
                name="review_request_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"Review by {self.addressee}"

    @property
    def addressee(self) -> str:
        """Who is asked, by name."""
        return str(self.to_organisation or self.to_user)

    @property
    def is_open(self) -> bool:
        """Whether an answer is waited for."""
        return self.state == RequestState.OPEN

    @property
    def is_overdue(self) -> bool:
        """Whether an answer is waited for after the day by which it was asked."""
        return self.is_open and self.due_on < today()


class ReviewComment(GuardedModel):
    """What somebody said about one section of an initiative, as it was at a revision.

    `organisation` is whose name it was said in; None for somebody with a personal grant, who speaks
    for themselves. Never changed, never removed.
    """

    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="review_comments")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    section = models.CharField(max_length=10, choices=Section)
    text = models.TextField(max_length=LONGEST_COMMENT)
    revision = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text__regex=r"^\s*$"), name="review_comment_has_text"
            )
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="review_comment_acl")]

    def __str__(self) -> str:
        return f"{self.said_by} on {self.get_section_display().lower()}"

    @property
    def said_by(self) -> str:
        """Who said it, and for whom."""
        return f"{self.author}, {self.organisation}" if self.organisation else str(self.author)


class Verdict(GuardedModel):
    """How whoever was asked answered: endorsed, or changes requested. Never changed.

    It is about one revision of the initiative; a later one is not endorsed by it.
    """

    request = models.ForeignKey(ReviewRequest, models.PROTECT, related_name="verdicts")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="verdicts")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=VerdictKind)
    words = models.TextField(max_length=LONGEST_WORDS, blank=True)
    revision = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request"], name="verdict_one_a_request"),
            models.CheckConstraint(
                condition=~Q(kind="changes") | ~Q(words__regex=r"^\s*$"),
                name="verdict_changes_say_which",
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="verdict_acl")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.given_by}"

    @property
    def given_by(self) -> str:
        """Who answered, and for whom."""
        return f"{self.author}, {self.organisation}" if self.organisation else str(self.author)


class SeenVersion(GuardedModel):
    """What one person saw of an initiative at one revision, for a comparison with what it is now.

    Read by that person alone, while they see the initiative.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    snapshot = models.JSONField()
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "initiative", "revision"], name="seen_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"Version {self.revision}"
