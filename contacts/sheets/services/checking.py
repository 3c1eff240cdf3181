"""Every row is checked, by the worker; what an admin says of possible duplicates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contacts.models import Choice, ImportRow, ImportRun, Outcome, RunState
from contacts.sheets import bulk, objections
from contacts.sheets.checking import Line, Verdict, check
from contacts.sheets.steps import hand_to_worker, leave_with, locked, say_progress, work_due
from organisations import audit
from organisations.actor import Actor

VERDICT_COLUMNS = {
    "outcome": "text",
    "problems": "jsonb",
    "candidates": "jsonb",
    '"values"': "jsonb",
    "posting_id": "bigint",
    "before": "jsonb",
    "after": "jsonb",
}


@transaction.atomic
def check_sheet(*, by: Actor, run: ImportRun) -> bool:
    """Check every row and keep what was found; says whether there was anything to check.

    For the worker, in the scope of whoever asked. Under the import's lock, in one transaction:
    a worker that dies leaves the import waiting, as it was.
    """
    current = work_due(by, run, RunState.CHECKING)
    if current is None:
        return False
    rows = ImportRow.objects.filter(run=current).order_by("number")
    lines = (
        Line(*each)
        for each in rows.values_list("pk", "number", "cells", "withheld", "choice", "posting_id")
    )
    found = check(current.region, current.matching, lines, lambda done: say_progress(current, done))
    objections.refuse(found, current.matching)
    bulk.update("contacts_importrow", "id", VERDICT_COLUMNS, [_record(each) for each in found])
    current.counts = dict(Counter(str(each.outcome) for each in found))
    current.checked_at = timezone.now()
    leave_with(current, RunState.CHECKED, "counts", "checked_at")
    audit.record("sheet checked", by=by, obj=current, changes={"rows": current.counts})
    return True


@transaction.atomic
def decide(*, by: Actor, run: ImportRun, choices: Mapping[int, str]) -> ImportRun:
    """Say of possible duplicates, by row, what to do, and have the rows checked again.

    A choice is "add", "leave_out", or "update:<reference of the contact>"; "" takes one back.
    Raises ValidationError for a row or a contact that is not among them.
    """
    current = locked(by, run, [RunState.CHECKED])
    rows = {row.number: row for row in ImportRow.objects.filter(run=current, number__in=choices)}
    records = []
    for number, said in choices.items():
        row = rows.get(number)
        what, _, which = said.partition(":")
        if row is None or (what and what not in Choice.values):
            raise ValidationError("Choose one of the answers")
        posting = int(which) if which.isdecimal() else None
        if what == Choice.UPDATE and posting not in row.candidates:
            raise ValidationError("Choose one of the contacts")
        records.append({"id": row.pk, "choice": what, "posting_id": posting})
    bulk.update("contacts_importrow", "id", {"choice": "text", "posting_id": "bigint"}, records)
    hand_to_worker(by, current, RunState.CHECKING)
    audit.record("sheet duplicates decided", by=by, obj=current, changes={"rows": len(records)})
    return current


@transaction.atomic
def decide_all(*, by: Actor, run: ImportRun, choice: str) -> ImportRun:
    """Say the same of every possible duplicate that is not decided yet: "add" or "leave_out"."""
    current = locked(by, run, [RunState.CHECKED])
    if choice not in (Choice.ADD, Choice.LEAVE_OUT):
        raise ValidationError("Choose one of the answers")
    undecided = ImportRow.objects.filter(run=current, outcome=Outcome.UNDECIDED)
    count = undecided.update(choice=choice)
    hand_to_worker(by, current, RunState.CHECKING)
    audit.record("sheet duplicates decided", by=by, obj=current, changes={"rows": count})
    return current


def _record(verdict: Verdict) -> dict[str, object]:
    return {
        "id": verdict.pk,
        "outcome": str(verdict.outcome),
        "problems": verdict.problems,
        "candidates": verdict.candidates,
        "values": verdict.values,
        "posting_id": verdict.posting,
        "before": verdict.before,
        "after": verdict.after,
    }
