"""Imports that stand where a page needs them, without reading a file for each."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from contacts.models import ImportRow, ImportRun, Outcome, Posting, Region, RunState
from organisations.actor import Actor
from organisations.tenancy.scope import acting

HEADINGS = ["Name", "Job title", "Organisation", "Email address"]
MATCHING = {"name": 0, "job_title": 1, "organisation": 2, "email": 3}
LINES = [
    (Outcome.PROBLEM, ["", "Matron", "RBK", "matron@health.example"]),
    (Outcome.UNDECIDED, ["Head of nursing", "Head of nursing", "RBK", "nursing@health.example"]),
    (Outcome.NEW, ["Named doctor", "Named doctor", "RBK", "doctor@health.example"]),
]


def standing(admin: Actor, region: Region, state: str, posting: Posting) -> ImportRun:
    """An import of three rows in a state; the second may be about `posting`."""
    with acting(admin.scope), transaction.atomic():
        run = ImportRun.objects.create(
            region=region,
            asked_by_id=admin.user_id,
            file_name="contacts.csv",
            headings=HEADINGS,
            matching=MATCHING,
            rows_read=len(LINES),
        )
        for number, (outcome, cells) in enumerate(LINES, start=2):
            said = {"column": 0, "field": "name", "message": "Enter their name"}
            ImportRow.objects.create(
                run=run,
                region=region,
                number=number,
                cells=cells,
                outcome=outcome,
                problems=[said] if outcome == Outcome.PROBLEM else [],
                candidates=[posting.pk] if outcome == Outcome.UNDECIDED else [],
                values={"organisation": posting.organisation_id},
            )
        now = timezone.now()
        ImportRun.objects.filter(pk=run.pk).update(
            state=state,
            checked_at=now,
            applied_at=now if state == RunState.APPLIED else None,
            work_for_id=admin.user_id if state == RunState.CHECKING else None,
            counts={"problem": 1, "undecided": 1, "new": 1},
        )
    return run
