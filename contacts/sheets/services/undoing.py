"""An import is undone: all of it in one transaction, while nothing later depends on it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contacts.models import ImportRow, ImportRun, Listing, Outcome, Posting, RunState
from contacts.sheets import writing
from contacts.sheets.known import UNCHECKED, Snapshot, snapshots
from contacts.sheets.steps import hand_to_worker, leave_with, locked, work_due
from organisations import audit
from organisations.actor import Actor

NAMED = 10
# What is left of a contact that an import added and that was undone.
GONE = "Removed: its import was undone"
COMPARED = (
    "name", "job_title", "organisation", "email", "telephone", "role_type", "place",
    "visibility", "source", "started_on", "ended_on", "listing", "checked_at",
)  # fmt: skip


@transaction.atomic
def ask_to_undo(*, by: Actor, run: ImportRun) -> ImportRun:
    """Have an import undone, by the worker. Raises ValidationError once its rows are removed."""
    current = locked(by, run, [RunState.APPLIED])
    if current.rows_removed_at is not None:
        raise ValidationError("The rows of this import have been removed, so it cannot be undone")
    hand_to_worker(by, current, RunState.UNDOING)
    audit.record("sheet to be undone", by=by, obj=current)
    return current


@transaction.atomic
def undo_sheet(*, by: Actor, run: ImportRun) -> bool:
    """Take back what an import did; says whether there was anything to do.

    For the worker, in the scope of whoever asked. A contact that it added is emptied and leaves
    the directory; one that it changed is as before. Where anything depends on it since, nothing
    is undone, and the import says which rows.
    """
    current = work_due(by, run, RunState.UNDOING)
    if current is None:
        return False
    written = (Outcome.NEW, Outcome.CHANGED)
    rows = list(
        ImportRow.objects.filter(run=current, outcome__in=written, posting__isnull=False)
        .order_by("number")
    )  # fmt: skip
    if held := _depended_on(current, rows):
        leave_with(current, RunState.APPLIED, failure=_said(held))
        audit.record("sheet not undone", by=by, obj=current, changes={"rows": len(held)})
        return True
    _take_back(by, rows)
    current.undone_at = timezone.now()
    leave_with(current, RunState.UNDONE, "undone_at")
    audit.record("sheet undone", by=by, obj=current, changes={"rows": len(rows)})
    return True


def _take_back(by: Actor, rows: list[ImportRow]) -> None:
    today = timezone.localdate().isoformat()
    contacts: dict[int, Snapshot] = {}
    for row in rows:
        assert row.posting_id is not None
        assert row.after is not None
        gone = _emptied(row.after, today) if row.outcome == Outcome.NEW else row.before
        assert gone is not None
        contacts[row.posting_id] = gone
    writing.change(contacts)
    audit.record_each(
        "contact import undone",
        by=by,
        table="contacts_posting",
        changes={pk: {} for pk in contacts},
    )
    # What the rows said of people who are not in the directory any more goes with them.
    ImportRow.objects.filter(run=rows[0].run_id, outcome=Outcome.NEW).update(
        cells=[], values={}, after=None
    ) if rows else None


def _emptied(contact: Snapshot, today: str) -> Snapshot:
    return {
        **contact,
        **UNCHECKED,
        "name": "Removed",
        "job_title": GONE,
        "email": "",
        "telephone": "",
        "source": "",
        "role_type": None,
        "place": None,
        "started_on": None,
        "ended_on": today,
        "listing": str(Listing.DECLINED),
    }


def _depended_on(run: ImportRun, rows: list[ImportRow]) -> list[tuple[int, str]]:
    """Rows whose contact something depends on since, and what: "named in a partnership"."""
    ids = [row.posting_id for row in rows if row.posting_id is not None]
    writing.lock(ids)
    now = snapshots(run.region, ids)
    added = [pk for row in rows if (pk := row.posting_id) and row.outcome == Outcome.NEW]
    named = set(Posting.objects.filter(pk__in=added).exclude(acl=[]).values_list("pk", flat=True))
    stood_for = set(
        Posting.objects.filter(deputy__in=added).exclude(pk__in=added)
        .values_list("deputy_id", flat=True)
    )  # fmt: skip
    held = []
    for row in rows:
        contact, after = now.get(row.posting_id or 0), row.after or {}
        if row.posting_id in named:
            held.append((row.number, "named in a partnership"))
        elif row.posting_id in stood_for:
            held.append((row.number, "deputy of somebody"))
        elif contact is None:
            held.append((row.number, "in another directory"))
        elif contact["checked_at"] != after.get("checked_at"):
            held.append((row.number, "checked"))
        elif any(contact[name] != after.get(name) for name in COMPARED):
            held.append((row.number, "changed"))
    return held


def _said(held: list[tuple[int, str]]) -> str:
    named = "; ".join(f"row {number}, {why}" for number, why in held[:NAMED])
    more = f"; and {len(held) - NAMED} more" if len(held) > NAMED else ""
    return (
        f"Nothing was undone, because of what happened to these contacts since: {named}{more}. "
        "Change or end the others one by one"
    )
