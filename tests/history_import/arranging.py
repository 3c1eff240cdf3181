"""Workbooks for tests, and each step of an import as a manager does it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from openpyxl import Workbook

from organisations.actor import Actor
from organisations.models import Kind, Organisation
from organisations.tenancy.scope import acting
from overview.history_import import services
from overview.history_import.columns import SHEETS
from overview.history_import.models import HistoryRow, HistoryRun, RunState
from tests.cast import Cast

HUB = ("Mental health support", "", "QUA", "A team in schools")
CONTACT = (
    "Mental health support",
    "Programme lead",
    "Head of children’s commissioning",
    "lead@icb.example",
    "0121 496 0001",
    "Named contact",
    "",
)
MEETING = (
    "Mental health support",
    "Meeting",
    "12/03/2026",
    "Agreed to start in the autumn",
    "Programme lead",
)
Row = Sequence[Any]


def book(
    partnerships: Sequence[Row] = (HUB,),
    contacts: Sequence[Row] = (CONTACT,),
    conversations: Sequence[Row] = (MEETING,),
    change: Callable[[Workbook], None] = lambda book: None,
) -> bytes:
    """A workbook with the template's headings and these rows."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for sheet, rows in zip(SHEETS, (partnerships, contacts, conversations), strict=True):
        page = made.create_sheet(sheet.name)
        page.append([column.heading for column in sheet.columns])
        for row in rows:
            page.append(list(row))
    change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def brought_in(by: Actor, content: bytes, name: str = "history.xlsx") -> HistoryRun:
    """A workbook, read and judged."""
    with acting(by.scope), transaction.atomic():
        return services.bring_in(by=by, name=name, content=content)


def saved(by: Actor, run: HistoryRun) -> HistoryRun:
    """Saved by a manager."""
    with acting(by.scope), transaction.atomic():
        return services.save_history(by=by, run=run)


def undone(by: Actor, run: HistoryRun) -> HistoryRun:
    """Undone by a manager."""
    with acting(by.scope), transaction.atomic():
        return services.undo_history(by=by, run=run)


def rows(by: Actor, run: HistoryRun) -> list[tuple[str, int, str, list[list[str]]]]:
    """Its rows: the sheet, the number, the outcome and what is wrong."""
    with acting(by.scope), transaction.atomic():
        return [
            (SHEETS[each.sheet].name, each.number, each.outcome, each.problems)
            for each in HistoryRow.objects.filter(run=run)
        ]


def outcomes(by: Actor, content: bytes) -> list[str]:
    """What saving a workbook's rows would do."""
    return [outcome for _, _, outcome, _ in rows(by, brought_in(by, content))]


def applied(cast: Cast) -> HistoryRun:
    """An import that the school's manager has saved."""
    return saved(cast.school_manager, brought_in(cast.school_manager, book()))


def standing(by: Actor, state: str) -> HistoryRun:
    """An import of three rows in a state, without reading a file for each."""
    with acting(by.scope), transaction.atomic():
        assert by.organisation_id is not None
        icb = Organisation.objects.get(kind=Kind.ICB, code="QUA").pk
        run = HistoryRun.objects.create(
            organisation_id=by.organisation_id,
            asked_by_id=by.user_id,
            file_name="history.xlsx",
            not_read=["Contacts: Favourite colour"],
            offers={"black country": {"name": "Black Country", "ids": [icb]}},
            counts={
                "Partnerships": {"unknown": 1},
                "Contacts": {"problem": 1},
                "Conversations": {"new": 1},
            },
        )
        said = zip((HUB, CONTACT, MEETING), ("unknown", "problem", "new"), strict=True)
        for at, (row, outcome) in enumerate(said):
            HistoryRow.objects.create(
                run=run,
                organisation_id=by.organisation_id,
                sheet=at,
                number=2,
                values={
                    column.key: text for column, text in zip(SHEETS[at].columns, row, strict=True)
                },
                outcome=outcome,
                problems=[["Email address", "This is empty"]] if outcome == "problem" else [],
            )
        now = timezone.now()
        HistoryRun.objects.filter(pk=run.pk).update(
            state=state,
            applied_at=now if state in (RunState.APPLIED, RunState.UNDONE) else None,
            undone_at=now if state == RunState.UNDONE else None,
            undone_by_id=by.user_id if state == RunState.UNDONE else None,
            left=[["Conversations", 2, "Somebody has changed or shared it"]]
            if state == RunState.UNDONE
            else [],
        )
    run.state = state
    return run
