"""What the organisations of a partnership set out to do together, and how it is planned."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from contacts.models import Posting
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, Sector, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership

LONGEST_NAME, LONGEST_AIM, LONGEST_AUDIENCE, LONGEST_PLACE = 120, 1000, 200, 200
LONGEST_LINE, LONGEST_NOTE = 200, 500


class Strand(models.TextChoices):
    """The four strands of the framework."""

    GATEWAYS = "gateways", "Opening gateways to collaboration"
    PREVENTION = "prevention", "Preventing health issues in children and young people"
    NEIGHBOURHOOD = "neighbourhood", "Bringing neighbourhood health services onto school sites"
    WORKFORCE = "workforce", "Inspiring the future NHS workforce"


class Stage(models.TextChoices):
    """How far an initiative has got."""

    IDEA = "idea", "Idea"
    PLANNED = "planned", "Planned"
    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"


class Decision(models.TextChoices):
    """What is decided at the end of a pilot."""

    STOP = "stop", "Stop"
    ADAPT = "adapt", "Adapt"
    GROW = "grow", "Grow"


class Initiative(GuardedModel):
    """Something that a partnership does together, under one of the four strands.

    `organisation` is the member that looks after it. `schools` are the ids of the schools where it
    takes place, `place` is anywhere else. A pilot ends in a decision, `decide_on` says by when.
    `hours` is the time that it may take of everybody's staff together, in hours a term. Each change
    raises `revision`. One that was withdrawn stays in the record.
    """

    guard_exempt = frozenset({"ref", "template"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="initiatives")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    strand = models.CharField(max_length=15, choices=Strand)
    template = models.CharField(max_length=30, blank=True)
    aim = models.TextField(max_length=LONGEST_AIM)
    audience = models.CharField(max_length=LONGEST_AUDIENCE, blank=True)
    schools = ArrayField(models.BigIntegerField(), default=list, blank=True)
    place = models.CharField(max_length=LONGEST_PLACE, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    hours = models.PositiveSmallIntegerField(null=True, blank=True)
    pilot = models.BooleanField(default=False)
    decide_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=5, choices=Decision, blank=True)
    decision_note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.IDEA)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="copies")
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name__regex=r"^\s*$"), name="initiative_has_a_name"
            ),
            models.CheckConstraint(condition=~Q(aim__regex=r"^\s*$"), name="initiative_has_an_aim"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="initiative_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(pilot=True) | Q(decide_on__isnull=True, decision=""),
                name="initiative_pilot_ends_in_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_on__isnull=True)
                | (~Q(decision="") & Q(decided_on__isnull=False)),
                name="initiative_decision_complete",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="initiative_withdrawal_complete",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="initiative_acl"),
            models.Index(fields=["partnership", "-created_at", "-id"], name="initiative_recent"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether it is neither finished nor withdrawn."""
        return self.withdrawn_at is None and self.stage != Stage.FINISHED

    def decision_is_due(self, day: date) -> bool:
        """Whether a pilot was to be decided on by that day, and was not."""
        return (
            self.withdrawn_at is None
            and self.decide_on is not None
            and not self.decision
            and self.decide_on <= day
        )


class InitiativeGrant(UserObjectPermissionBase):
    """A personal grant on one initiative, in a table of its own (django-guardian).

    It opens that initiative and what is below it, never the partnership nor another initiative.
    Who gave it, and when, the database says. After `ends_at` it opens nothing any more.
    """

    content_object = models.ForeignKey(Initiative, models.CASCADE)
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class Lead(models.Model):
    """Who leads an initiative on one side: an organisation, and a person there if one is chosen."""

    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="leads")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Sector)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    acl = AclField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["initiative", "side"], name="lead_one_a_side"),
            models.CheckConstraint(
                condition=Q(posting__isnull=True) | Q(user__isnull=True), name="lead_one_person"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="lead_acl")]

    def __str__(self) -> str:
        return f"{self.get_side_display()}: {self.organisation}"

    @property
    def words(self) -> str:
        """Who leads, in words: a person and their organisation, or the organisation alone."""
        person = self.user or (self.posting.person.name if self.posting else None)
        return f"{person}, {self.organisation}" if person else str(self.organisation)


class LineKind(models.TextChoices):
    """What a line of a plan is."""

    MILESTONE = "milestone", "Milestone"
    NEED = "need", "Need"
    RISK = "risk", "Risk"


class LineState(models.TextChoices):
    """What became of a line of a plan."""

    OPEN = "open", "Open"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class PlanLine(GuardedModel):
    """A milestone, something that is needed (a room, a check, a licence), or a risk.

    `note` is what is done about it. A milestone has a day.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="lines")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=LineKind)
    words = models.CharField(max_length=LONGEST_LINE)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=LineState, default=LineState.OPEN)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["kind", F("due_on").asc(nulls_last=True), "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words__regex=r"^\s*$"), name="line_says_something"),
            models.CheckConstraint(
                condition=~Q(kind="milestone") | Q(due_on__isnull=False),
                name="line_milestone_has_a_day",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="line_acl"),
            models.Index(fields=["initiative", "kind", "due_on"], name="line_of_initiative"),
        ]

    def __str__(self) -> str:
        return self.words
