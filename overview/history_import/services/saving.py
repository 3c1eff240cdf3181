"""A workbook comes in, its partners are chosen, it is saved or thrown away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contacts.sheets.uploaded import shown_name
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Organisation
from organisations.permissions import Permission
from overview.history_import.columns import CONTACTS, CONVERSATIONS, PARTNERSHIPS, SHEETS
from overview.history_import.judging import LEAVE_OUT, Judged, Target, held_on, judge, tallied
from overview.history_import.models import HistoryRow, HistoryRun, Outcome, RunState
from overview.history_import.workbook import read
from partnerships.conversations.services import Entry, log_history
from partnerships.record.models import Partnership
from partnerships.record.services import name_contact, open_partnership

SOURCE = "Imported from our own records"
NOTED = ("outcome", "problems", "found", "made")


@transaction.atomic
def bring_in(*, by: Actor, name: str, content: bytes) -> HistoryRun:
    """Read a workbook and judge its rows, for the organisation's managers alone.

    Nothing else is written, and the file is not kept. Raises ValidationError, keyed `sheet`,
    saying why a workbook cannot be read.
    """
    permissions.require(by, Permission.IMPORT_HISTORY)
    assert by.organisation_id is not None
    book = read(content)
    run = HistoryRun.objects.create(
        organisation_id=by.organisation_id,
        asked_by_id=by.user_id,
        file_name=shown_name(name),
        not_read=book.not_read,
    )
    rows = HistoryRow.objects.bulk_create(
        HistoryRow(
            run=run,
            organisation_id=by.organisation_id,
            sheet=line.sheet,
            number=line.number,
            values=line.values,
            withheld=line.withheld,
        )
        for line in book.lines
    )
    _judge(by, run, rows)
    audit.record("history brought in", by=by, obj=run, changes={"rows": len(rows)})
    return run


@transaction.atomic
def choose_partners(*, by: Actor, run: HistoryRun, choices: Mapping[str, int]) -> HistoryRun:
    """Say which organisations names mean that none has; 0 leaves the rows out.

    Raises ValidationError for an organisation that was not offered.
    """
    current = locked(by, run, [RunState.CHECKED])
    for unknown, chosen in choices.items():
        offered = current.offers.get(unknown, {"ids": []})["ids"]
        if chosen != LEAVE_OUT and chosen not in offered:
            raise ValidationError("Choose one of the organisations offered")
    current.choices = {**current.choices, **choices}
    _judge(by, current, _rows(current))
    audit.record("history partners chosen", by=by, obj=current)
    return current


@transaction.atomic
def save_history(*, by: Actor, run: HistoryRun) -> HistoryRun:
    """Save every row that is new, all at once; rows with problems are left out.

    Rows are judged once more: what has come into Tandem meanwhile is not made twice. Raises
    ValidationError while a partner is to be chosen, and when there is nothing to save.
    """
    current = locked(by, run, [RunState.CHECKED])
    # One import of an organisation after the other: two of one file do not make everything twice.
    others = HistoryRun.objects.filter(organisation=by.organisation_id, state=RunState.CHECKED)
    list(others.select_for_update().order_by("pk").values_list("pk"))
    rows = _rows(current)
    judged = judge(by, current, rows)
    if any(each.row.outcome == Outcome.UNKNOWN for each in judged):
        raise ValidationError("Choose which organisation each name means first")
    new = [each for each in judged if each.row.outcome == Outcome.NEW]
    if not new:
        raise ValidationError("There is nothing to save: no row is new")
    _open(by, [each for each in new if each.row.sheet == PARTNERSHIPS])
    _name(by, [each for each in new if each.row.sheet == CONTACTS])
    _log(by, [each for each in new if each.row.sheet == CONVERSATIONS])
    HistoryRow.objects.bulk_update(rows, NOTED)
    current.counts = tallied(judged)
    current.state, current.applied_at = RunState.APPLIED, timezone.now()
    current.save(update_fields=["state", "applied_at", "counts", "offers"])
    made = {sheet.name: current.counts[sheet.name].get(Outcome.NEW, 0) for sheet in SHEETS}
    audit.record("history saved", by=by, obj=current, changes=made)
    return current


@transaction.atomic
def discard(*, by: Actor, run: HistoryRun) -> HistoryRun:
    """Throw an import away that was not saved: what its rows said is removed at once."""
    current = locked(by, run, [RunState.CHECKED])
    HistoryRow.objects.filter(run=current).update(values={}, withheld=[], problems=[], found="")
    current.state, current.rows_removed_at = RunState.DISCARDED, timezone.now()
    current.offers = {}
    current.save(update_fields=["state", "rows_removed_at", "offers"])
    audit.record("history thrown away", by=by, obj=current)
    return current


def locked(by: Actor, run: HistoryRun, states: Collection[str]) -> HistoryRun:
    """The import as it stands, held until the transaction ends, for a manager.

    Raises ValidationError when it has moved on and stands in none of `states`.
    """
    permissions.require(by, Permission.IMPORT_HISTORY)
    own = HistoryRun.objects.select_for_update().filter(organisation=by.organisation_id)
    current = own.filter(pk=run.pk).first()
    if current is None or current.state not in states:
        raise ValidationError("This import has moved on meanwhile. Look at it again")
    return current


def _rows(run: HistoryRun) -> list[HistoryRow]:
    return list(HistoryRow.objects.filter(run=run))


def _judge(by: Actor, run: HistoryRun, rows: list[HistoryRow]) -> None:
    judged = judge(by, run, rows)
    HistoryRow.objects.bulk_update(rows, ["outcome", "problems", "found"])
    run.counts = tallied(judged)
    run.save(update_fields=["counts", "offers", "choices"])


def _open(by: Actor, judged: list[Judged]) -> None:
    partners = Organisation.objects.in_bulk({e.target.partner for e in judged if e.target})
    for each in judged:
        assert each.target is not None
        assert each.target.partner is not None
        values = each.row.values
        partnership = open_partnership(
            by=by,
            name=values["name"],
            purpose=values.get("purpose", ""),
            partner=partners[each.target.partner],
        )
        each.row.made = each.target.made = partnership.pk


def _name(by: Actor, judged: list[Judged]) -> None:
    found = _partnerships(judged)
    organisations = Organisation.objects.in_bulk({each.organisation for each in judged})
    for each in judged:
        assert each.target is not None
        assert each.organisation is not None
        values = each.row.values
        contact = name_contact(
            by=by,
            partnership=found[_of(each.target)],
            organisation=organisations[each.organisation],
            function=each.word,
            name=values["name"],
            job_title=values["job_title"],
            email=values["email"],
            telephone=values.get("telephone", ""),
            source=SOURCE,
        )
        each.row.made = contact.pk


def _log(by: Actor, judged: list[Judged]) -> None:
    found = _partnerships(judged)
    entries = [
        Entry(
            partnership=found[_of(each.target)],
            kind=each.word,
            held_on=date.fromisoformat(held_on(each.row)),
            summary=each.row.values["summary"],
            others=each.row.values.get("others", ""),
        )
        for each in judged
        if each.target is not None
    ]
    for each, conversation in zip(judged, log_history(by=by, entries=entries), strict=True):
        each.row.made = conversation.pk


def _partnerships(judged: list[Judged]) -> dict[int, Partnership]:
    """As they stand now, with the keys that the database has given them."""
    return Partnership.objects.in_bulk({_of(each.target) for each in judged if each.target})


def _of(target: Target) -> int:
    pk = target.made or (target.known.pk if target.known else None)
    assert pk is not None
    return pk
