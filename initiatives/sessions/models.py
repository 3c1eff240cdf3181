"""Sessions of an initiative, and how many people came to them.

Raw numbers and what is told of them are apart: `Attendance` is for whoever recorded it,
`PublishedAttendance` is what everybody else may see, written by `publisher` alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from initiatives.plans.models import Initiative
from initiatives.suppression.rules import DEFAULT, LONGEST_CODE
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership

LONGEST_TITLE, LONGEST_PLACE, LONGEST_REASON, LONGEST_NOTE = 120, 200, 200, 200
SHORTEST, LONGEST = 5, 720
MOST_PEOPLE = 5000


class Kind(models.TextChoices):
    """What sort of session it is."""

    CLINIC = "clinic", "Clinic"
    WORKSHOP = "workshop", "Workshop"
    CAMPAIGN = "campaign", "Campaign"
    DROP_IN = "drop_in", "Drop-in"


class State(models.TextChoices):
    """What became of it."""

    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


class Group(models.TextChoices):
    """Who came: each group is counted by itself."""

    PUPILS = "pupils", "Pupils"
    PARENTS = "parents", "Parents and carers"
    STAFF = "staff", "Staff"


class Session(GuardedModel):
    """One session. `organisation` is the member whose staff run it and record who came.

    `school` is one of the initiative's schools, `place` is anywhere else, or where in the school.
    `planned` is how many people are expected. Each change raises `revision`.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="sessions")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    school = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    place = models.CharField(max_length=LONGEST_PLACE, blank=True)
    planned = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST),
                name="session_length_sensible",
            ),
            models.CheckConstraint(
                condition=Q(planned__isnull=True) | Q(planned__gte=1, planned__lte=MOST_PEOPLE),
                name="session_planned_sensible",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CANCELLED) & ~Q(reason__regex=r"^\s*$")
                | ~Q(state=State.CANCELLED) & Q(reason=""),
                name="session_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=State.HELD) | Q(note=""), name="session_note_of_one_held"
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="session_acl"),
            models.Index(fields=["initiative", "starts_at", "id"], name="session_of_initiative"),
            models.Index(
                fields=["organisation", "starts_at"],
                condition=Q(state="planned"),
                name="session_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())

    @property
    def ends_at(self) -> datetime:
        """When it is planned to end."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def lacks_numbers(self, now: datetime) -> bool:
        """Whether it is over and nobody has said whether it was held."""
        return self.state == State.PLANNED and self.ends_at <= now


class Attendance(models.Model):
    """How many people of one group came, as it was counted. Never shown to other organisations.

    Read by whoever recorded it, by a manager of theirs while an opening lasts, and by the
    publisher. A corrected number is a row of its own, and supersedes the one before.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="+")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    group = models.CharField(max_length=10, choices=Group)
    number = models.PositiveSmallIntegerField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "group"],
                condition=Q(superseded_at__isnull=True),
                name="attendance_one_number_a_group",
            ),
            models.CheckConstraint(
                condition=Q(number__lte=MOST_PEOPLE), name="attendance_number_sensible"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["initiative", "organisation"], name="attendance_of_initiative")
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()} of session {self.session_id}"


class AttendanceOpening(GuardedModel):
    """A manager has opened the numbers of one session that colleagues recorded, for a reason."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=LONGEST_REASON)
    opened_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(reason__regex=r"^\s*$"), name="opening_says_its_reason"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__lte=models.F("opened_at") + timedelta(hours=1)),
                name="opening_ends_soon",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["session", "opened_by", "ends_at"], name="opening_of_session")
        ]

    def __str__(self) -> str:
        return f"Numbers of session {self.session_id}"


class Status(models.TextChoices):
    """How much is told of a number."""

    SHOWN = "shown", "Shown"
    MASKED = "masked", "Masked"
    WITHHELD = "withheld", "Withheld"


class PublishedAttendance(models.Model):
    """What is told of a number: of one session, or of an organisation's sessions in one term.

    `shown` is the rounded number of one that is shown, `rule` the code of the rule that it was
    published by. The organisation itself always sees it; the
    other members see it while a data sharing agreement is in force.
    """

    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="published")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    term = models.CharField(max_length=30, blank=True)
    group = models.CharField(max_length=10, choices=Group)
    status = models.CharField(max_length=10, choices=Status)
    shown = models.PositiveIntegerField(null=True)
    rule = models.CharField(max_length=LONGEST_CODE, default=DEFAULT.code)
    published_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "group"],
                condition=Q(session__isnull=False),
                name="published_once_a_session",
            ),
            models.UniqueConstraint(
                fields=["initiative", "organisation", "term", "group"],
                condition=Q(session__isnull=True),
                name="published_once_a_term",
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=False, term="") | Q(session__isnull=True) & ~Q(term=""),
                name="published_of_session_or_term",
            ),
            models.CheckConstraint(
                condition=Q(status="shown", shown__isnull=False)
                | ~Q(status="shown") & Q(shown__isnull=True),
                name="published_shown_has_a_number",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="published_attendance_acl"),
            models.Index(fields=["initiative", "term"], name="published_of_initiative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.get_status_display()}"


class AttendancePublication(models.Model):
    """What was published together, and which numbers it was the sum of; no raw number is in it.

    Kept for good: what was published before bears on what may be published next.
    """

    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    rule: Any = models.JSONField()
    figures: Any = models.JSONField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["initiative", "organisation", "id"], name="publication_history")
        ]

    def __str__(self) -> str:
        return f"Publication {self.pk}"
