"""Quiet periods of a partnership, and secret addresses under which calendars are fed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership


class QuietPeriod(GuardedModel):
    """Days on which the members leave each other in peace: proposed by one, agreed by the others.

    It holds once every member that was one when it was proposed has agreed. The proposer's
    organisation needs no answer of its own.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="quiet_periods")
    author_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    # Included.
    ends_on = models.DateField()
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["starts_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="quiet_period_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="quiet_period_withdrawal_complete",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="quiet_period_acl"),
            models.Index(
                fields=["partnership", "ends_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="quiet_period_partnership",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.starts_on} to {self.ends_on}"


class QuietAnswer(models.Model):
    """One member's answer to a proposed quiet period; the last word counts."""

    period = models.ForeignKey(QuietPeriod, models.PROTECT, related_name="answers")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    agreed = models.BooleanField()
    answered_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    acl = AclField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "organisation"], name="quiet_answer_once"),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="quiet_answer_acl")]

    def __str__(self) -> str:
        return f"{self.organisation}: {'agreed' if self.agreed else 'not agreed'}"


class FeedKind(models.TextChoices):
    """What a feed holds."""

    PERSON = "person", "My touchpoints"
    PARTNERSHIP = "partnership", "One partnership"
    ORGANISATION = "organisation", "All our partnerships"


class CalendarFeed(GuardedModel):
    """A secret address from which a person's calendar program reads dates.

    It shows what its person sees for their organisation, and ends with their membership. Only the
    hash of the secret is kept (SHA-256, hexadecimal), and the role that serves pages cannot read
    it back. `content_hash` is what it held when somebody last read it, since `content_at`.
    """

    guard_exempt = frozenset({"ref", "secret_hash", "content_hash"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, related_name="calendar_feeds")
    kind = models.CharField(max_length=12, choices=FeedKind)
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Term dates, holidays and pressure points besides what is planned.
    with_year = models.BooleanField(default=False)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64, blank=True, default="")
    content_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=FeedKind.PARTNERSHIP, partnership__isnull=False)
                | (~Q(kind=FeedKind.PARTNERSHIP) & Q(partnership__isnull=True)),
                name="feed_of_a_partnership_names_it",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "person"], name="feed_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.person_id}"

    @property
    def words(self) -> str:
        """What it holds, by the partnership's name where it is of one that the reader sees."""
        if self.kind != FeedKind.PARTNERSHIP:
            what = str(FeedKind(self.kind).label)
        else:
            what = self.partnership.name if self.partnership else "A partnership you no longer see"
        return f"{what}, with term dates and busy times" if self.with_year else what
