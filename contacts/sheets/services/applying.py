"""What was checked is applied: all of it in one transaction, or nothing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contacts.models import ImportRow, ImportRun, Outcome, RunState
from contacts.sheets import objections, writing
from contacts.sheets.known import snapshots
from contacts.sheets.steps import hand_to_worker, leave_with, locked, say_progress, work_due
from organisations import audit
from organisations.actor import Actor

WRONG = (Outcome.PROBLEM, Outcome.UNDECIDED)
WRITTEN = (Outcome.NEW, Outcome.CHANGED)
NAMED = 10


@transaction.atomic
def ask_to_apply(*, by: Actor, run: ImportRun, only_good: bool = False) -> ImportRun:
    """Have what was checked applied, by the worker.

    Raises ValidationError while rows have problems or are undecided, unless `only_good` says
    that these are to be left out; and when nothing would change.
    """
    current = locked(by, run, [RunState.CHECKED])
    wrong = sum(current.counts.get(each, 0) for each in WRONG)
    if wrong and not only_good:
        raise ValidationError(
            {"only_good": "Some rows have problems or are not decided. Put them right, or say "
             "that the others are applied without them"}
        )  # fmt: skip
    if not any(current.counts.get(each) for each in WRITTEN):
        raise ValidationError("There is nothing to apply: no row would add or change a contact")
    current.only_good = only_good
    hand_to_worker(by, current, RunState.APPLYING, "only_good")
    audit.record("sheet to be applied", by=by, obj=current, changes={"only_good": only_good})
    return current


@transaction.atomic
def apply_sheet(*, by: Actor, run: ImportRun) -> bool:
    """Write every new and changed contact; says whether there was anything to do.

    For the worker, in the scope of whoever asked: row security judges every row. In one
    transaction under the import's lock: a worker that dies leaves nothing behind, and the
    import is applied once. Where the directory has changed since the check, nothing is written
    and the import goes back to be checked again.
    """
    current = work_due(by, run, RunState.APPLYING)
    if current is None:
        return False
    rows = list(ImportRow.objects.filter(run=current, outcome__in=WRITTEN).order_by("number"))
    moved = _moved(current, [row for row in rows if row.outcome == Outcome.CHANGED])
    moved += objections.kept_out(rows)
    if moved:
        leave_with(current, RunState.CHECKED, failure=_changed_since(moved))
        audit.record("sheet not applied", by=by, obj=current, changes={"rows": len(moved)})
        return True
    try:
        with transaction.atomic():
            _write(by, current, rows)
    except ValidationError as refusal:
        leave_with(current, RunState.CHECKED, failure=" ".join(refusal.messages))
        audit.record("sheet not applied", by=by, obj=current)
        return True
    current.applied_at = timezone.now()
    leave_with(current, RunState.APPLIED, "applied_at")
    audit.record("sheet applied", by=by, obj=current, changes={"rows": current.counts})
    return True


def _write(by: Actor, run: ImportRun, rows: list[ImportRow]) -> None:
    changed = [row for row in rows if row.outcome == Outcome.CHANGED]
    added = [row for row in rows if row.outcome == Outcome.NEW]
    fields: dict[int, Any] = {
        row.posting_id: _differing(row) for row in changed if row.posting_id is not None
    }
    writing.change({pk: row.after for row in changed if (pk := row.posting_id) and row.after})
    say_progress(run, len(changed))
    for done in writing.add(run.region, added):
        say_progress(run, len(changed) + done)
    audit.record_each(
        "contact changed",
        by=by,
        table="contacts_posting",
        changes={pk: {"fields": names} for pk, names in fields.items()},
    )
    audit.record_each(
        "contact listed",
        by=by,
        table="contacts_posting",
        changes={
            row.posting_id: {
                "organisation": [None, row.values["organisation"]],
                "region": [None, run.region_id],
            }
            for row in added
            if row.posting_id is not None
        },
    )


def _differing(row: ImportRow) -> list[str]:
    before, after = row.before or {}, row.after or {}
    return [name for name in row.values if before.get(name) != after.get(name)]


def _moved(run: ImportRun, rows: list[ImportRow]) -> list[int]:
    """The rows whose contact is not as it was when they were checked."""
    ids = [row.posting_id for row in rows if row.posting_id is not None]
    writing.lock(ids)
    now = snapshots(run.region, ids)
    return [row.number for row in rows if now.get(row.posting_id or 0) != row.before]


def _changed_since(numbers: list[int]) -> str:
    named = ", ".join(str(number) for number in numbers[:NAMED])
    more = f" and {len(numbers) - NAMED} more" if len(numbers) > NAMED else ""
    return (
        f"Nothing was changed: somebody has changed contacts since this sheet was checked "
        f"(row {named}{more}). Check the sheet again"
    )
