"""An import is taken back, as far as nobody has touched since what it made."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from overview.history_import.columns import CONTACTS, CONVERSATIONS, PARTNERSHIPS, SHEETS
from overview.history_import.models import HistoryRow, HistoryRun, RunState
from overview.history_import.services.saving import SOURCE, locked
from overview.history_import.standing import OURSELVES, carried
from partnerships.conversations.models import Conversation
from partnerships.conversations.services import withdraw_conversation
from partnerships.record.models import Member, NamedContact, Partnership
from partnerships.record.services.closing import close_unshared
from partnerships.record.services.contacts import end_contact

Left = list[tuple[HistoryRow, str]]


@transaction.atomic
def undo_history(*, by: Actor, run: HistoryRun) -> HistoryRun:
    """Withdraw the conversations, end the contacts and close the partnerships of an import.

    What somebody has changed, shared or built on since stays as it is; the run says which rows
    these are, and why. Raises ValidationError once its rows are removed.
    """
    current = locked(by, run, [RunState.APPLIED])
    if current.rows_removed_at is not None:
        raise ValidationError("The rows of this import have been removed, so it cannot be undone")
    rows = list(HistoryRow.objects.filter(run=current, made__isnull=False))
    left: Left = []
    _withdraw(by, [row for row in rows if row.sheet == CONVERSATIONS], left)
    _end(by, [row for row in rows if row.sheet == CONTACTS], left)
    _close(by, [row for row in rows if row.sheet == PARTNERSHIPS], left)
    current.left = [[SHEETS[row.sheet].name, row.number, why] for row, why in left]
    current.state, current.undone_at = RunState.UNDONE, timezone.now()
    current.undone_by_id = by.user_id
    current.save(update_fields=["state", "undone_at", "undone_by", "left"])
    audit.record(
        "history undone",
        by=by,
        obj=current,
        changes={"rows": len(rows) - len(left), "left": len(left)},
    )
    return current


def _withdraw(by: Actor, rows: list[HistoryRow], left: Left) -> None:
    ids = [row.made for row in rows if row.made is not None]
    found = Conversation.objects.filter(pk__in=ids).select_related("partnership").in_bulk()
    for row in rows:
        conversation = found.get(row.made or 0)
        if conversation is None:
            left.append((row, "You no longer see it"))
        elif conversation.withdrawn_at is not None:
            left.append((row, "It has been withdrawn already"))
        elif conversation.changed_at is not None or not conversation.internal:
            left.append((row, "Somebody has changed or shared it"))
        elif not permissions.can(by, Permission.CHANGE_CONVERSATION, conversation):
            left.append((row, "Its partnership is closed, or no longer yours"))
        else:
            withdraw_conversation(by=by, conversation=conversation)


def _end(by: Actor, rows: list[HistoryRow], left: Left) -> None:
    found = (
        NamedContact.objects.filter(pk__in=[row.made for row in rows if row.made is not None])
        .select_related("posting__person", "posting__details")
        .in_bulk()
    )
    members = {
        (each.partnership_id, each.organisation_id): each
        for each in Member.objects.filter(
            partnership__in={each.partnership_id for each in found.values()}
        ).select_related("partnership")
    }
    for row in rows:
        contact = found.get(row.made or 0)
        if contact is None:
            left.append((row, "You no longer see it"))
            continue
        member = members.get((contact.partnership_id, contact.organisation_id))
        if contact.ended_at is not None:
            left.append((row, "Somebody else has the place now, or it was ended"))
        elif member is None or not permissions.can(by, Permission.NAME_CONTACT, member):
            left.append((row, "The partner names its own contacts now"))
        elif _corrected(contact, row):
            left.append((row, "Somebody has corrected the details"))
        else:
            end_contact(by, contact)


def _corrected(contact: NamedContact, row: HistoryRow) -> bool:
    posting = contact.posting
    details = posting.details
    now = (posting.person.name, posting.job_title, details.email, details.telephone)
    said = tuple(row.values.get(name, "") for name in ("name", "job_title", "email", "telephone"))
    # Somebody who was on record before has details that the import did not write.
    return posting.source == SOURCE and now != said


def _close(by: Actor, rows: list[HistoryRow], left: Left) -> None:
    ids = [row.made for row in rows if row.made is not None]
    found = Partnership.objects.filter(pk__in=ids).in_bulk()
    more = carried(ids, beside=OURSELVES)
    for row in rows:
        partnership = found.get(row.made or 0)
        if partnership is None:
            left.append((row, "You no longer see it"))
        elif partnership.closed_at is not None:
            left.append((row, "It has been closed already"))
        elif why := _kept(partnership, row, bool(more.get(partnership.pk))):
            left.append((row, why))
        else:
            try:
                close_unshared(by=by, partnership=partnership)
            except ValidationError as problem:
                left.append((row, problem.messages[0].rstrip(".")))


def _kept(partnership: Partnership, row: HistoryRow, carries: bool) -> str:
    """Why a partnership stays open; empty when nothing says so."""
    values = row.values
    if partnership.owner_id != row.organisation_id:
        return "It has been handed to another organisation"
    if partnership.name != values["name"] or partnership.purpose != values.get("purpose", ""):
        return "Somebody has changed its name or what it is for"
    if partnership.members.count() > 2:
        return "Another organisation has been added to it"
    if carries:
        return "There is more in it now than was imported"
    if partnership.conversations.filter(withdrawn_at=None).exists():
        return "There are conversations in it"
    if partnership.named_contacts.filter(ended_at=None).exists():
        return "There are named contacts in it"
    return ""
