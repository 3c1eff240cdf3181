"""Measures of an initiative, their readings, and what is told of them.

Raw readings and what is told of them are apart: `Reading` is for the measure's owner,
`PublishedReading` is what everybody else may see, written by `publisher` alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from initiatives.plans.models import Initiative
from initiatives.suppression.rules import DEFAULT, LONGEST_CODE, Rule, rule_of
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership

LONGEST_NAME, LONGEST_WORDS, LONGEST_NOTE, LONGEST_GROUP, LONGEST_REASON = 120, 200, 500, 60, 200
MOST_PEOPLE = 10_000_000
# The whole, beside its groups.
WHOLE = ""


class Unit(models.TextChoices):
    """What a figure is."""

    PERCENT = "percent", "Per cent"
    COUNT = "count", "A count"
    SCORE = "score", "An average score"
    DAYS = "days", "Days, on average"
    MINUTES = "minutes", "Minutes"


# The units of which a reading is one value, of so many people where it is about people.
AVERAGES = (Unit.SCORE, Unit.DAYS, Unit.MINUTES)


class Direction(models.TextChoices):
    """Which way is better."""

    UP = "up", "Higher is better"
    DOWN = "down", "Lower is better"
    NEUTRAL = "neutral", "Neither"


class Level(models.TextChoices):
    """How soon it can change."""

    OUTPUT = "output", "What was done"
    SHORT = "outcome_short", "Immediate: changes within a year"
    LONG = "outcome_long", "Long-term: changes over years"


class Period(models.TextChoices):
    """The days that one reading is about."""

    MONTH = "month", "Month"
    HALF_TERM = "half_term", "Half term"
    TERM = "term", "Term"
    QUARTER = "quarter", "NHS quarter"
    ACADEMIC_YEAR = "academic_year", "Academic year"
    FINANCIAL_YEAR = "financial_year", "Financial year"


class Measure(GuardedModel):
    """What an initiative is judged by.

    `organisation` is the member that measures, `owner` the one person there who enters readings and
    reads them raw. `library` is the key of the library's measure that it follows, if any. `groups`
    are the names of a breakdown, of which every reading then has one number each: the whole is
    their sum. Each change raises `revision`. `periods_read` and `read_until`, the last day of the
    latest period, tell every member that there are readings, not what they say.
    """

    guard_exempt = frozenset({"ref", "library"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="measures")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    library = models.CharField(max_length=30, blank=True)
    name = models.CharField(max_length=LONGEST_NAME)
    unit = models.CharField(max_length=10, choices=Unit)
    direction = models.CharField(max_length=10, choices=Direction)
    level = models.CharField(max_length=15, choices=Level)
    person_based = models.BooleanField(default=True)
    numerator = models.CharField(max_length=LONGEST_WORDS, blank=True)
    denominator = models.CharField(max_length=LONGEST_WORDS, blank=True)
    period = models.CharField(max_length=15, choices=Period)
    groups = ArrayField(models.CharField(max_length=LONGEST_GROUP), default=list, blank=True)
    target = models.DecimalField(max_digits=10, decimal_places=1, null=True, blank=True)
    source = models.CharField(max_length=LONGEST_WORDS, blank=True)
    quality_note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    revision = models.PositiveIntegerField(default=1)
    periods_read = models.PositiveSmallIntegerField(default=0)
    read_until = models.DateField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["level", "name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name__regex=r"^\s*$"), name="measure_has_a_name"),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | Q(target__gte=0), name="measure_target_sensible"
            ),
            models.CheckConstraint(
                condition=~Q(unit="percent") | Q(target__isnull=True) | Q(target__lte=100),
                name="measure_target_at_most_a_hundred_per_cent",
            ),
            models.CheckConstraint(
                condition=Q(groups__len=0) | Q(unit__in=["percent", "count"]),
                name="measure_averages_have_no_groups",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="measure_withdrawal_complete",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="measure_acl"),
            models.Index(fields=["initiative", "level", "name"], name="measure_of_initiative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_average(self) -> bool:
        """Whether a reading is one value, and not a count or a share."""
        return self.unit in AVERAGES


class Reading(models.Model):
    """One number of a measure, as its owner entered it. Never shown to other organisations.

    `number` is the numerator, the count, or how many people an average is of; `base` the
    denominator; `value` the average. A correction makes another row and supersedes this one.
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="readings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    starts_on = models.DateField()
    ends_on = models.DateField()
    group = models.CharField(max_length=LONGEST_GROUP, blank=True)
    number = models.PositiveIntegerField(null=True)
    base = models.PositiveIntegerField(null=True)
    value = models.DecimalField(max_digits=10, decimal_places=1, null=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "starts_on", "ends_on", "group"],
                condition=Q(superseded_at__isnull=True),
                name="reading_one_a_period",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="reading_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(base__isnull=True) | Q(number__lte=F("base")),
                name="reading_no_more_than_its_base",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False) | Q(value__isnull=False),
                name="reading_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"Reading {self.pk}"


class ReadingOpening(GuardedModel):
    """A manager has opened the raw readings of one measure of a colleague, for a reason."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=LONGEST_REASON)
    opened_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(reason__regex=r"^\s*$"), name="reading_opening_says_its_reason"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("opened_at") + timedelta(hours=1)),
                name="reading_opening_ends_soon",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["measure", "opened_by", "ends_at"], name="opening_of_measure")
        ]

    def __str__(self) -> str:
        return f"Readings of measure {self.measure_id}"


class Status(models.TextChoices):
    """How much is told of a number."""

    SHOWN = "shown", "Shown"
    MASKED = "masked", "Masked"
    WITHHELD = "withheld", "Withheld"


class PublishedReading(models.Model):
    """What is told of one reading: of the whole, or of one group.

    Each number has its status, and when it is shown its rounded value. `rule` is the code of the
    rule that it was published by, nothing where no people are counted. The organisation that
    measures always sees it; the others while a data sharing agreement is in force.
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="published")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    group = models.CharField(max_length=LONGEST_GROUP, blank=True)
    number_status = models.CharField(max_length=10, choices=Status)
    number = models.PositiveIntegerField(null=True)
    base_status = models.CharField(max_length=10, choices=Status, blank=True)
    base = models.PositiveIntegerField(null=True)
    value = models.DecimalField(max_digits=10, decimal_places=1, null=True)
    rule = models.CharField(max_length=LONGEST_CODE, default=DEFAULT.code, blank=True)
    published_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["starts_on", "ends_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "starts_on", "ends_on", "group"], name="published_reading_once"
            ),
            models.CheckConstraint(
                condition=Q(number_status="shown", number__isnull=False)
                | ~Q(number_status="shown") & Q(number__isnull=True),
                name="published_number_as_its_status",
            ),
            models.CheckConstraint(
                condition=Q(base_status="shown", base__isnull=False)
                | ~Q(base_status="shown") & Q(base__isnull=True),
                name="published_base_as_its_status",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="published_reading_acl"),
            models.Index(fields=["measure", "starts_on"], name="published_of_measure"),
        ]

    def __str__(self) -> str:
        return f"Published reading {self.pk}"

    @property
    def told_by(self) -> Rule:
        """The rule that it was published by; that of people also where none are counted."""
        return rule_of(self.rule) if self.rule else DEFAULT


class ReadingPublication(models.Model):
    """What was published together, and which numbers it was the sum of; no raw number is in it.

    Kept for good: what was published before bears on what may be published next.
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    rule: Any = models.JSONField()
    figures: Any = models.JSONField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["measure", "id"], name="reading_history")]

    def __str__(self) -> str:
        return f"Publication {self.pk}"
