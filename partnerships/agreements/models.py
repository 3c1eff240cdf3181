"""Agreements of a partnership and their versions, of which each is kept as it was."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership

LONGEST_TITLE = 150
LONGEST_REFERENCE = 150
LONGEST_COVERS = 500
LONGEST_NOTE = 300
# What a version that a successor took over says of itself, instead of the key of a clause.
TRANSFERRED = "transferred"
DATE_NAMES = ("starts_on", "review_on", "expires_on")


class Type(models.TextChoices):
    """What kind of agreement it is. Their clauses are data: `library`."""

    LETTER_OF_INTENT = "letter_of_intent", "Letter of intent"
    MOU = "mou", "Memorandum of understanding / partnership agreement"
    DSA = "dsa", "Data sharing agreement"
    LICENCE = "licence", "Licence to occupy / room-use agreement"
    SLA = "sla", "Service level agreement"
    HONORARY = "honorary", "Placement / honorary agreement"


class Stage(models.TextChoices):
    """How far the work on it is. What its dates decide (due for review, expired) is computed
    from the signed version: `presenters.stage_tag`."""

    IDEA = "idea", "Idea"
    DRAFTING = "drafting", "Being drafted"
    WITH_PARTNER = "with_partner", "With the partner"
    IG_REVIEW = "ig_review", "Information governance review"
    LEGAL_REVIEW = "legal_review", "Legal review"
    APPROVAL = "approval", "Ready to sign"
    SIGNED = "signed", "Signed"
    VARIED = "varied", "Replaced by a renewal"
    ENDED = "ended", "Ended"


# Those that people choose while an agreement, or a new version of it, is being written.
WRITING = (
    Stage.IDEA,
    Stage.DRAFTING,
    Stage.WITH_PARTNER,
    Stage.IG_REVIEW,
    Stage.LEGAL_REVIEW,
    Stage.APPROVAL,
)
OVER = (Stage.VARIED, Stage.ENDED)
RELATED = ("partnership", "author", "author_organisation", "signed_version", "renews__partnership")


class Agreement(GuardedModel):
    """An agreement between the members of a partnership.

    `revision` is the number of its newest version.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="agreements")
    author_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Type)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.DRAFTING)
    revision = models.PositiveIntegerField(default=1)
    # The last version that every member has signed: what is in force while a next one is written.
    signed_version = models.ForeignKey(
        "AgreementVersion", models.PROTECT, null=True, related_name="+"
    )
    # The agreement that it replaces once every member has signed it.
    renews = models.ForeignKey("self", models.PROTECT, null=True, related_name="renewals")
    created_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=Type.values), name="agreement_kind"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="agreement_stage"),
            models.UniqueConstraint(
                fields=["renews"], condition=~Q(stage="ended"), name="agreement_renewed_once"
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="agreement_acl"),
            models.Index(fields=["partnership", "-created_at"], name="agreement_partnership"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.partnership}"

    @property
    def is_over(self) -> bool:
        """Whether nothing is written or signed in it any more."""
        return self.stage in OVER


class AgreementVersion(GuardedModel):
    """One version, whole: every clause, date and fact. Never changed; a change makes the next.

    `clauses` are those with a text, in order, each with `key`, `name`, `binding` and `text`.
    `text` is all of it as one text, of which `digest` is the SHA-256 (`canonical`): what a
    signature is of. `missing` are the keys of what it lacks before it is ready to sign. `changed`
    names the clause that the change was in, is TRANSFERRED, or is empty.
    """

    guard_exempt = frozenset({"text", "digest", "missing", "changed"})

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=LONGEST_TITLE)
    starts_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    clinical = models.BooleanField(null=True)
    on_site = models.BooleanField(null=True)
    clauses: Any = models.JSONField(default=list)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    missing = ArrayField(models.CharField(max_length=40), default=list)
    changed = models.CharField(max_length=40, blank=True)
    author_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["agreement", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_once"),
            models.CheckConstraint(
                condition=~Q(title__regex=r"^\s*$"), name="agreement_version_has_title"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="agreement_version_acl")]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    def text_of(self, key: str) -> str:
        """What a clause says; empty where it is not in this version."""
        return next((each["text"] for each in self.clauses if each["key"] == key), "")

    @property
    def facts(self) -> dict[str, bool | None]:
        """What was answered about the agreement; None while it was not."""
        return {"clinical": self.clinical, "on_site": self.on_site}

    @property
    def dates(self) -> dict[str, date | None]:
        """When it starts, is reviewed and expires."""
        return {name: getattr(self, name) for name in DATE_NAMES}


class Signatory(GuardedModel):
    """Who signs for one member: somebody there who signs in, until another is named."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatories")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=120)
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    acl = AclField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="agreement_signatory_one_at_a_time",
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="agreement_signatory_acl")]

    def __str__(self) -> str:
        return f"{self.user}, {self.role}"


class Signature(GuardedModel):
    """One member has signed one version: who, as what, when, and the exact text's fingerprint.

    Never changed. A version that follows is signed anew; this stays, as of its own.
    """

    guard_exempt = frozenset({"digest"})

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "organisation"], name="agreement_signed_once"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="agreement_signature_acl")]

    def __str__(self) -> str:
        return f"{self.organisation} signed {self.version}"


class AgreementFile(GuardedModel):
    """A signed copy that was brought in. Its bytes are in the file storage under `stored_as`.

    Once taken out, it is shown and given to nobody any more; that it was there stays.
    """

    guard_exempt = frozenset({"ref", "digest", "stored_as", "content_type"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="files")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    acl = AclField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="agreement_file_removal_complete",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="agreement_file_acl"),
            models.Index(fields=["agreement", "-added_at"], name="agreement_file_agreement"),
        ]

    def __str__(self) -> str:
        return self.name


class PaperKind(models.TextChoices):
    """The papers of information governance that stand beside an agreement."""

    DPIA = "dpia", "Data protection impact assessment"
    DSA = "dsa", "Data sharing agreement"


class DataPaper(GuardedModel):
    """An impact assessment or a data sharing agreement that somebody keeps elsewhere.

    In force from `dated` until it is ended. From `review_on` on its review is due; an overdue
    review does not end it. `revision` counts its corrections.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="papers")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PaperKind)
    reference = models.CharField(max_length=LONGEST_REFERENCE)
    keeper = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    dated = models.DateField()
    review_on = models.DateField()
    covers = models.TextField(max_length=LONGEST_COVERS, blank=True)
    address = models.URLField(max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1)
    author_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    end_note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["kind", "-dated", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="data_paper_kind"),
            models.CheckConstraint(
                condition=~Q(reference__regex=r"^\s*$"), name="data_paper_has_reference"
            ),
            models.CheckConstraint(
                condition=Q(review_on__gt=models.F("dated")),
                name="data_paper_reviewed_after_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(kind="dsa") | ~Q(covers__regex=r"^\s*$"),
                name="data_paper_says_what_it_covers",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="data_paper_end_complete",
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="data_paper_acl")]

    def __str__(self) -> str:
        return self.reference
