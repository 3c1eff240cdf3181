"""Sheets of contacts that regional admins bring in: each upload, and its rows until they go."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from contacts.models.areas import Region
from contacts.models.people import Posting
from organisations.references import new_ref


class RunState(models.TextChoices):
    """Where an import stands."""

    MATCHING = "matching", "Columns to match"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked, nothing saved yet"
    APPLYING = "applying", "Being applied"
    APPLIED = "applied", "Applied"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"
    DISCARDED = "discarded", "Thrown away"


# What the worker has to do.
AT_WORK = (RunState.CHECKING, RunState.APPLYING, RunState.UNDOING)


class ImportRun(models.Model):
    """One sheet brought in for a region's directory.

    The file itself is not kept. Its rows are, for thirty days, so that the import can be looked
    at, applied and undone; the run stays as history.
    """

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=120)
    headings = models.JSONField(default=list)
    # The column of each field that has one: {"email": 4}.
    matching = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.MATCHING)
    # For whom the worker does what it has to do now, and how often it has begun.
    work_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    # Why the last thing asked for did not happen. Rows by number; nobody's name.
    failure = models.CharField(max_length=1000, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    # How many rows had which outcome when they were checked last.
    counts = models.JSONField(default=dict)
    # Whether rows with problems are left out, because an admin said so.
    only_good = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    rows_removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            # So that a row's region cannot be another than its run's.
            models.UniqueConstraint(fields=["id", "region"], name="import_run_and_its_region"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["state"],
                condition=Q(state__in=["checking", "applying", "undoing"]),
                name="import_to_do",
            )
        ]

    def __str__(self) -> str:
        return f"import {self.ref}"

    @property
    def at_work(self) -> bool:
        """Whether the worker has something to do with it."""
        return self.state in AT_WORK


class Outcome(models.TextChoices):
    """What applying a row would do."""

    PROBLEM = "problem", "Problem"
    UNDECIDED = "undecided", "Possible duplicate"
    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "No change"
    LEFT_OUT = "left_out", "Left out"


class Choice(models.TextChoices):
    """What an admin says about a possible duplicate."""

    ADD = "add", "Add as a new contact"
    UPDATE = "update", "Update the contact already there"
    LEAVE_OUT = "leave_out", "Leave this row out"


class ImportRow(models.Model):
    """One row of a sheet: what it said, what was found about it, and what it did."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="lines")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    # As the spreadsheet counts, its headings being row 1.
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    # Cells that were not kept, with the reason: [[3, "This looks like …"]].
    withheld = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    # What is wrong: [{"column": 3, "field": "email", "message": "…"}].
    problems = models.JSONField(default=list)
    choice = models.CharField(max_length=10, choices=Choice, blank=True)
    # Contacts that may be the same: ids of postings.
    candidates = models.JSONField(default=list)
    # The row as the directory understands it, fields that it fills only.
    values = models.JSONField(default=dict)
    # The contact that it is about, or that it added.
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, blank=True, related_name="+")
    # What the contact was like before and after it was changed.
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "number"], name="import_row_once"),
        ]

    def __str__(self) -> str:
        return f"row {self.number}"
