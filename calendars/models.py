"""What organisations say of their own year: term dates, own periods, where these come from.

Here: tables about organisations and days; no partnership. The national pressure points are no
rows: they come with Tandem (`calendars.pressure_points`), and an organisation's hiding or editing
of one is kept by its key.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from calendars.status import Standing
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.references import new_ref


class GivenBy(models.TextChoices):
    """How dates came here."""

    TYPED = "typed", "Typed in"
    PASTED = "pasted", "Pasted"
    CSV = "csv", "From a CSV file"
    ICS_FILE = "ics_file", "From a calendar file"
    ICS_ADDRESS = "ics_address", "From a calendar’s address"


class SpansInOrder(Func):
    """Whether date ranges follow each other without overlapping; asked of the database."""

    function = "tandem.spans_in_order"
    output_field = models.BooleanField()


class TermDates(GuardedModel):
    """One organisation's dates for one academic year: half terms, and staff training days.

    `spans` are the half terms, first and last school day (the database keeps them half-open),
    named one by one in `names`; none means that they are inherited (school from trust, then
    council) or typical. `inset_days`, closed to pupils, are inherited likewise when none are here.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="term_dates")
    # The calendar year in which the academic year begins: 2027 for 2027/28.
    starts_in = models.PositiveSmallIntegerField()
    names = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    spans = ArrayField(DateRangeField(), default=list, blank=True)
    inset_days = ArrayField(models.DateField(), default=list, blank=True)
    standing = models.CharField(
        max_length=11,
        choices=[
            (Standing.PUBLISHED.value, "Published"),
            (Standing.PROVISIONAL.value, "Provisional"),
        ],
        default=Standing.PUBLISHED.value,
    )
    given_by = models.CharField(max_length=11, choices=GivenBy, default=GivenBy.TYPED)
    # Where they are published: a web page, a file's name.
    source = models.CharField(max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Its own, or the trust of a school.
    changed_for = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    guard_exempt = frozenset({"names"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "starts_in"], name="term_dates_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(starts_in__gte=2000, starts_in__lte=2100),
                name="term_dates_year_sensible",
            ),
            models.CheckConstraint(
                condition=Q(SpansInOrder(F("spans"))), name="term_dates_do_not_overlap"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.starts_in}/{(self.starts_in + 1) % 100:02d}"


class Severity(models.TextChoices):
    """How much a pressure point weighs."""

    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class PeriodKind(models.TextChoices):
    """What an organisation's own period is about."""

    EXAM = "exam", "Exams or mock exams"
    GO_LIVE = "go_live", "New system or service going live"
    AUDIT = "audit", "Audit or inspection"
    STAFFING = "staffing", "Staffing"
    EVENT = "event", "Event"
    CLOSURE = "closure", "Closed"
    BUSY = "busy", "Busy"
    OTHER = "other", "Something else"


class Phase(models.TextChoices):
    """For which schools it holds."""

    ALL = "all", "All"
    PRIMARY = "primary", "Primary"
    SECONDARY = "secondary", "Secondary"


class Purpose(models.TextChoices):
    """What a calendar elsewhere is read for."""

    TERMS = "terms", "Term dates"
    BUSY = "busy", "Busy periods"


class Subscription(GuardedModel):
    """A calendar at an address that the worker reads again and again for an organisation.

    For busy periods, what it says becomes `OwnPeriod`s. For term dates it becomes `found`, which a
    person checks before it counts. `subject` is whose dates they are: the organisation, or one of
    its schools. The address is a secret in many calendar programs: only the organisation reads it.
    """

    guard_exempt = frozenset(
        {"ref", "url", "etag", "last_modified", "checksum", "found", "cautions"}
    )

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    subject = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=5, choices=Purpose)
    name = models.CharField(max_length=120)
    url = models.CharField(max_length=1000)
    shared = models.BooleanField(default=False)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    checksum = models.CharField(max_length=64, blank=True)
    tried_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveSmallIntegerField(default=0)
    # Why the last try failed, in words for the organisation.
    problem = models.CharField(max_length=300, blank=True)
    # Term dates that wait for a person to check them.
    found = models.JSONField(null=True)
    # What could not be read in it, in words.
    cautions = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-created_at"], name="subscription_organisation"),
            models.Index(
                fields=["due_at"], condition=Q(ended_at__isnull=True), name="subscription_due"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarFile(GuardedModel):
    """A calendar file that somebody brought in: what was read of it, until they have chosen.

    The file itself is not kept. For busy periods, those taken become `OwnPeriod`s, which go again
    when it is undone. What `found` holds has been looked at for identifiers when it was read.
    """

    guard_exempt = frozenset({"ref", "found"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    subject = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=5, choices=Purpose)
    name = models.CharField(max_length=120)
    found = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-created_at"], name="calendarfile_organisation"),
        ]

    def __str__(self) -> str:
        return self.name


class OwnPeriod(GuardedModel):
    """A pressure point of an organisation's own: mock exams, a go-live, an audit, a busy time.

    With `replaces` it stands in for the national point of that key, edited. `shared` lets the
    organisations with which it is in a partnership see it; otherwise it is its own alone.
    """

    guard_exempt = frozenset({"ref", "uid", "replaces"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="own_periods")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=PeriodKind)
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.ALL)
    severity = models.CharField(max_length=6, choices=Severity, default=Severity.MEDIUM)
    starts_on = models.DateField()
    # Included.
    ends_on = models.DateField()
    advice = models.CharField("what others should know", max_length=300, blank=True)
    shared = models.BooleanField(default=True)
    replaces = models.CharField(max_length=60, blank=True)
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, null=True, blank=True, related_name="periods"
    )
    file = models.ForeignKey(
        CalendarFile, models.PROTECT, null=True, blank=True, related_name="periods"
    )
    uid = models.CharField(max_length=300, blank=True)
    given_by = models.CharField(max_length=11, choices=GivenBy, default=GivenBy.TYPED)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["starts_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="own_period_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["organisation", "replaces"],
                condition=Q(removed_at__isnull=True) & ~Q(replaces=""),
                name="own_period_replaces_once",
            ),
            models.UniqueConstraint(
                fields=["subscription", "uid", "starts_on"],
                condition=Q(removed_at__isnull=True, subscription__isnull=False),
                name="own_period_of_a_calendar_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "ends_on", "starts_on"],
                condition=Q(removed_at__isnull=True),
                name="own_period_days",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HiddenPoint(models.Model):
    """A national pressure point that an organisation does not want to see, or not any more.

    `key` is that of one year's point ("sats_2027") or of all its years ("sats").
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="hidden_points")
    key = models.CharField(max_length=60)
    hidden_at = models.DateTimeField(default=timezone.now)
    hidden_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    shown_again_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "key"],
                condition=Q(shown_again_at__isnull=True),
                name="hidden_point_once",
            ),
        ]

    def __str__(self) -> str:
        return self.key
