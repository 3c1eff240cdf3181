"""Official files that were brought in: what each changed, and where it and people disagree."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.models import Organisation
from organisations.references import new_ref


class Publisher(models.TextChoices):
    """Who publishes the files."""

    GIAS = "gias", "Get Information about Schools"
    ODS = "ods", "Organisation Data Service"


class OfficialState(models.TextChoices):
    """Where an import of official files stands."""

    CHECKING = "checking", "Being compared"
    CHECKED = "checked", "Compared, nothing changed yet"
    REFUSED = "refused", "Not brought in"
    NO_CHANGE = "no_change", "Nothing to change"
    DISCARDED = "discarded", "Thrown away"
    APPLYING = "applying", "Being brought in"
    APPLIED = "applied", "Brought in"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"


class CameBy(models.TextChoices):
    """How official files came here."""

    COMMAND = "command", "Command line"
    UPLOAD = "upload", "Uploaded"
    FETCHED = "fetched", "Fetched from the publisher"


# What the worker has to do.
OFFICIAL_AT_WORK = (OfficialState.CHECKING, OfficialState.APPLYING, OfficialState.UNDOING)
# What an import in these states says of the registers is what is held here.
OFFICIAL_IN_USE = (OfficialState.APPLIED, OfficialState.UNDOING)


class OfficialImport(models.Model):
    """One or more files of a publisher, brought in together: who, when, which, what came of it.

    From a page, they are compared first: `changes` is then what they would change. The files go
    once that is decided. Nobody is named for an import from the command line, or for files that
    were fetched.
    """

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    publisher = models.CharField(max_length=10, choices=Publisher)
    # The kinds of organisation that its files are the authority on.
    kinds = ArrayField(models.CharField(max_length=20), default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    # Of each: name, kind, sha256, rows, the day in its name and the newest day in it.
    files = models.JSONField(default=list)
    # How many changes there are of each sort.
    counts = models.JSONField(default=dict)
    # What the files say that was left out, in words; the first few hundred.
    notes = models.JSONField(default=list)
    came_by = models.CharField(max_length=10, choices=CameBy, default=CameBy.COMMAND)
    state = models.CharField(max_length=10, choices=OfficialState, default=OfficialState.CHECKING)
    # For whom the worker does what it has to do now, and how often it has begun.
    work_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    # Why the files were refused, or why the last thing asked for did not happen.
    failure = models.CharField(max_length=1000, blank=True)
    # Of what comparing found, so that nothing else is brought in than was looked at.
    compared = models.CharField(max_length=32, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=OFFICIAL_IN_USE, applied_at__isnull=False, undone_at=None)
                | Q(state=OfficialState.UNDONE, applied_at__isnull=False, undone_at__isnull=False)
                | (
                    ~Q(state__in=[*OFFICIAL_IN_USE, OfficialState.UNDONE])
                    & Q(applied_at=None, undone_at=None)
                ),
                name="official_import_state_and_days",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=OFFICIAL_AT_WORK),
                name="official_import_to_do",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_publisher_display()}, {self.made_at:%d/%m/%Y}"

    @property
    def at_work(self) -> bool:
        """Whether the worker has something to do with it."""
        return self.state in OFFICIAL_AT_WORK


class OfficialFilePart(models.Model):
    """A piece of a file that waits to be brought in; it goes once that is decided."""

    official_import = models.ForeignKey(OfficialImport, models.CASCADE, related_name="parts")
    # Which file, from 0, and which piece of it, from 0.
    file = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    content = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["file", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["official_import", "file", "number"], name="official_file_part_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, part {self.number}"


class OfficialAddress(models.Model):
    """Where a publisher's file is fetched from, and what came the last time.

    The addresses are the server's settings; a row is made when one is first asked.
    """

    publisher = models.CharField(max_length=10, choices=Publisher)
    # As the settings have it: `{day}` stands for the day.
    url = models.CharField(max_length=500, unique=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    # The last file that was taken: when, its checksum, and how the publisher tells it apart.
    fetched_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    # Why the last attempt gave nothing, in words.
    failure = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar = ["publisher", "id"]

    def __str__(self) -> str:
        return self.url


class Sort(models.TextChoices):
    """What happened to an organisation."""

    OPENED = "opened", "Opened"
    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Open again"
    RENAMED = "renamed", "Renamed"
    MOVED_TRUST = "moved_trust", "Moved trust"
    MOVED_COUNCIL = "moved_council", "Moved council"
    MOVED_BOARD = "moved_board", "Moved board"
    SUCCEEDED = "succeeded", "Succeeded by another"
    OTHER = "other", "Other details"


class OfficialChange(models.Model):
    """What one import changed of one organisation, or of one succession.

    `before` and `after` hold every official field, so that undoing restores exactly what was
    there: no `before` when the import added it. The organisation is named by kind and code, since
    an undone import removes what it added.
    """

    official_import = models.ForeignKey(OfficialImport, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    # Of the successor, where a succession is meant.
    successor = models.CharField(max_length=20, blank=True)
    sorts = ArrayField(models.CharField(max_length=20, choices=Sort))
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["official_import", "kind", "code", "successor"],
                name="official_change_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "code"], name="official_change_of"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Decision(models.TextChoices):
    """What an operator says where a person's value and the official one differ."""

    KEEP = "keep", "Keep ours"
    TAKE = "take", "Take the official one"


class OfficialConflict(models.Model):
    """A value that a person gave and that an official file has differently."""

    official_import = models.ForeignKey(OfficialImport, models.CASCADE, related_name="conflicts")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    field = models.CharField(max_length=20)
    # As codes; what the register says may be nothing.
    ours = models.CharField(max_length=200)
    official = models.CharField(max_length=200, blank=True)
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "field"],
                condition=Q(decided_at__isnull=True),
                name="official_conflict_open_once",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decision="")
                | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="official_conflict_decided_with_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.organisation}"
