"""Workbooks that an organisation brought in: each upload, and its rows until they go."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from organisations.models import Organisation, User
from organisations.references import new_ref


class RunState(models.TextChoices):
    """Where an import stands."""

    CHECKED = "checked", "Checked, nothing saved yet"
    APPLIED = "applied", "Saved"
    UNDONE = "undone", "Undone"
    DISCARDED = "discarded", "Thrown away"


class Outcome(models.TextChoices):
    """What saving a row would do, or did."""

    PROBLEM = "problem", "Problem"
    UNKNOWN = "unknown", "Partner to choose"
    NEW = "new", "New"
    THERE = "there", "Already there"
    LEFT_OUT = "left_out", "Left out"


class HistoryRun(models.Model):
    """One workbook brought in. The file is not kept; its rows are, for thirty days."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.CHECKED)
    # How many rows of each sheet have which outcome: {"Contacts": {"new": 3}}.
    counts = models.JSONField(default=dict)
    # Columns that are none of ours: ["Contacts: Shoe size"].
    not_read = models.JSONField(default=list)
    # Partners' names that no organisation has, by key: {"key": {"name": …, "ids": [1, 2]}}.
    offers = models.JSONField(default=dict)
    # The organisation chosen for each, by key; 0: its rows are left out.
    choices = models.JSONField(default=dict)
    # What undoing left as it was, and why: [["Contacts", 3, "…"]].
    left = models.JSONField(default=list)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    rows_removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            # So that a row's organisation cannot be another than its run's.
            models.UniqueConstraint(fields=["id", "organisation"], name="history_run_and_its_own"),
        ]

    def __str__(self) -> str:
        return f"import {self.ref}"


class HistoryRow(models.Model):
    """One row of a sheet: what it said, what was found about it, and what it made."""

    run = models.ForeignKey(HistoryRun, models.CASCADE, related_name="lines")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # Where its sheet stands in the workbook (`columns.SHEETS`), and how the sheet counts it.
    sheet = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    # The texts by our own names of the columns; what may not be kept is not among them.
    values = models.JSONField(default=dict)
    # Why something was not kept: [["Name", "This looks like …"]].
    withheld = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    # What was found, by column: [["Date", "Write …"]].
    problems = models.JSONField(default=list)
    # The partner or partnership that it was matched to, in words.
    found = models.CharField(max_length=500, blank=True)
    # The id of the partnership, named contact or conversation that it made.
    made = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["sheet", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "sheet", "number"], name="history_row_once"),
        ]

    def __str__(self) -> str:
        return f"row {self.number}"
