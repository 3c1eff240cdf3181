"""Who is to come to a touchpoint, what they answer, and the other times they propose."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

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
from partnerships.touchpoints.models.touchpoint import Touchpoint


class Answer(models.TextChoices):
    """What somebody invited has said; the states of a calendar entry (RFC 5545, PARTSTAT)."""

    NEEDS_ACTION = "none", "No answer yet"
    ACCEPTED = "accepted", "Coming"
    TENTATIVE = "tentative", "Perhaps"
    DECLINED = "declined", "Not coming"


class Way(models.TextChoices):
    """How an answer reached us."""

    PAGE = "page", "In Tandem"
    LINK = "link", "By the link in the email"
    CALENDAR = "calendar", "From their calendar"
    PROPOSAL = "proposal", "They proposed this time"


class Attendee(models.Model):
    """Somebody invited to one touchpoint: the contact of an organisation, or chosen besides.

    `answered_revision` is the revision of the touchpoint that they answered. `stamp` is the moment
    that a calendar program wrote into its answer, by which a late one is told from a newer one.
    `asked_revision` is the first revision with the present time: an answer to an earlier one was
    about another time, and `said_before` keeps the last such answer.
    """

    touchpoint = models.ForeignKey(Touchpoint, models.PROTECT, related_name="attendees")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+")
    # Invited as its organisation's contact; ends with that.
    follows_contact = models.BooleanField(default=True)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.NEEDS_ACTION)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_way = models.CharField(max_length=10, choices=Way, blank=True)
    answered_revision = models.PositiveIntegerField(null=True, blank=True)
    stamp = models.DateTimeField(null=True, blank=True)
    asked_revision = models.PositiveIntegerField(default=0, db_default=0)
    said_before = models.CharField(max_length=10, choices=Answer, blank=True, db_default="")
    # Said with the outcome; none: nobody said.
    came = models.BooleanField(null=True)
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["organisation__name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["touchpoint", "posting"], name="attendee_once"),
            models.CheckConstraint(
                condition=Q(
                    answer=Answer.NEEDS_ACTION,
                    answered_at__isnull=True,
                    answered_way="",
                    answered_revision__isnull=True,
                )
                | (
                    ~Q(answer=Answer.NEEDS_ACTION)
                    & Q(answered_at__isnull=False, answered_revision__isnull=False)
                    & ~Q(answered_way="")
                ),
                name="attendee_answer_complete",
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="attendee_acl")]

    def __str__(self) -> str:
        return f"{self.posting}: {self.get_answer_display()}"


class ProposalState(models.TextChoices):
    """What became of a proposed time."""

    OPEN = "open", "Waiting for an answer"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    OVERTAKEN = "overtaken", "Overtaken by a change"


class Proposal(GuardedModel):
    """Another time for a touchpoint, proposed by a member or by somebody invited.

    `proposed_by` when they were signed in; otherwise `posting`, through a link or their calendar.
    The organisation that scheduled the touchpoint accepts it, which moves the touchpoint, or not.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    touchpoint = models.ForeignKey(Touchpoint, models.PROTECT, related_name="proposals")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer_words = models.CharField(max_length=500, blank=True)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["touchpoint", "organisation"],
                condition=Q(state=ProposalState.OPEN),
                name="proposal_one_open",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=False, posting__isnull=True)
                | Q(proposed_by__isnull=True, posting__isnull=False),
                name="proposal_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.OPEN, answered_at__isnull=True)
                | (~Q(state=ProposalState.OPEN) & Q(answered_at__isnull=False)),
                name="proposal_answer_complete",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480), name="proposal_length_sensible"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="proposal_acl")]

    def __str__(self) -> str:
        return f"{self.organisation} proposes {self.starts_at:%Y-%m-%d}"

    @property
    def ends_at(self) -> datetime:
        """When it would end."""
        return self.starts_at + timedelta(minutes=self.minutes)


class Paper(GuardedModel):
    """A paper for a touchpoint: what it is called, and the address where its readers find it."""

    touchpoint = models.ForeignKey(Touchpoint, models.PROTECT, related_name="papers")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=500)
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["added_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["touchpoint", "url"],
                condition=Q(removed_at__isnull=True),
                name="paper_once",
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="https://"), name="paper_address_is_https"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="paper_acl")]

    def __str__(self) -> str:
        return self.title

    @property
    def host(self) -> str:
        """Where the address leads, for whoever is about to follow it.

        As computers write it: letters of other scripts that look like ours do not pass for ours.
        """
        host = urlsplit(self.url).hostname or ""
        try:
            return host.encode("idna").decode("ascii")
        except UnicodeError:
            return host
