"""Touchpoints that come round: the rule, and what each date of it starts out with."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from calendars.series import Every
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership

A_DAY = 24 * 60
MOST_REMINDERS = 4


class TouchpointKind(models.TextChoices):
    """What sort of meeting it is."""

    UPDATE = "update", "Short update"
    PLANNING = "planning", "Shared planning meeting"
    FORUM = "forum", "Existing multi-agency forum"
    REVIEW = "review", "Review"


class OnClash(models.TextChoices):
    """What becomes of a date that falls on a day which does not suit everyone."""

    MOVE = "move", "Move it to the nearest clear day"
    SKIP = "skip", "Leave it out"
    SKIP_BUSY = "busy", "Leave it out, in typically busy times too"
    KEEP = "keep", "Keep it all the same"


def the_day_before() -> list[int]:
    """When people are reminded unless something else was chosen, in minutes beforehand."""
    return [A_DAY]


class TouchpointSeries(GuardedModel):
    """A rule by which touchpoints come round, and the plan that its dates share.

    The rule is `every`, or else `rrule` (RFC 5545, as far as `calendars.series` reads it). Each
    date is a `Touchpoint` of its own. `revision` rises with each change of the whole, and with it
    the e-mails about it are replaced.
    """

    guard_exempt = frozenset({"ref", "rrule"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="touchpoint_series")
    author_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=TouchpointKind)
    every = models.CharField(
        max_length=10, blank=True, choices=[(each.value, each.in_words) for each in Every]
    )
    rrule = models.CharField("repeat rule", max_length=200, blank=True)
    # Monday is 0; none: that of the first date.
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    first_on = models.DateField()
    # Included.
    last_on = models.DateField()
    # On London clocks, summer and winter.
    at = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=30)
    venue = models.CharField("place or link", max_length=300, blank=True)
    agenda = models.TextField("standing agenda", max_length=2000, blank=True)
    on_clash = models.CharField(max_length=4, choices=OnClash, default=OnClash.MOVE)
    reminder_minutes = ArrayField(models.PositiveIntegerField(), default=the_day_before)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["first_on", "id"]
        verbose_name_plural = "touchpoint series"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(~Q(every="") & Q(rrule="")) | (Q(every="") & ~Q(rrule="")),
                name="series_one_rule",
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="series_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) | Q(weekday__lte=6), name="series_weekday"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=A_DAY // 3), name="series_length_sensible"
            ),
            models.CheckConstraint(
                condition=Q(reminder_minutes__len__lte=MOST_REMINDERS), name="series_reminders_few"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="series_end_complete",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="series_acl"),
            models.Index(fields=["partnership", "first_on", "id"], name="series_partnership"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.first_on:%Y-%m-%d}"
