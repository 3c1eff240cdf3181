"""A sheet comes in, its columns are matched, or it is thrown away. Nothing of the directory
changes here."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contacts.models import ImportRow, ImportRun, Region, RunState
from contacts.sheets import bulk, files
from contacts.sheets.fields import BY_KEY, Matching, guess, lacking, plain
from contacts.sheets.steps import hand_to_worker, locked
from contacts.sheets.uploaded import shown_name
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission

ROW_COLUMNS = {
    "run_id": "bigint",
    "region_id": "bigint",
    "number": "int",
    "cells": "jsonb",
    "withheld": "jsonb",
    "outcome": "text",
    "problems": "jsonb",
    "choice": "text",
    "candidates": "jsonb",
    "values": "jsonb",
}
BLANK = {"outcome": "", "problems": [], "choice": "", "candidates": [], "values": {}}
REMEMBERED_RUNS = 20


@transaction.atomic
def bring_in(*, by: Actor, region: Region, name: str, content: bytes) -> ImportRun:
    """Read a file and keep its rows, for the region's admins alone; the file is not kept.

    Raises ValidationError, keyed `sheet`, saying why a file cannot be read.
    """
    permissions.require(by, Permission.MANAGE_REGION, region)
    table = files.read(content)
    run = ImportRun.objects.create(
        region=region,
        asked_by_id=by.user_id,
        file_name=shown_name(name),
        headings=table.headings,
        matching=guess(table.headings, _remembered(region)),
        rows_read=len(table.lines),
    )
    bulk.insert(
        "contacts_importrow",
        {(f'"{n}"' if n == "values" else n): t for n, t in ROW_COLUMNS.items()},
        [
            {
                "run_id": run.pk,
                "region_id": region.pk,
                "number": line.number,
                "cells": line.cells,
                "withheld": line.withheld,
                **BLANK,
            }
            for line in table.lines
        ],
    )
    audit.record("sheet brought in", by=by, obj=run, changes={"rows": run.rows_read})
    return run


@transaction.atomic
def match_columns(*, by: Actor, run: ImportRun, matching: Mapping[str, int | None]) -> ImportRun:
    """Say which column is which field, and have every row checked.

    Raises ValidationError, keyed by field: a required one without a column, a column that is
    named twice or is not there.
    """
    current = locked(by, run, [RunState.MATCHING, RunState.CHECKED])
    chosen: Matching = {key: int(at) for key, at in matching.items() if at is not None}
    problems = {
        field.key: f"Choose the column with {_article(field.label)}" for field in lacking(chosen)
    }
    used: dict[int, str] = {}
    for key, column in chosen.items():
        if key not in BY_KEY or not 0 <= column < len(current.headings):
            problems[key] = "Choose one of the sheet’s columns"
        elif column in used:
            problems[key] = f"This column is matched to “{BY_KEY[used[column]].label}” already"
        else:
            used[column] = key
    if problems:
        raise ValidationError(problems)
    current.matching = chosen
    hand_to_worker(by, current, RunState.CHECKING, "matching")
    audit.record("sheet columns matched", by=by, obj=current)
    return current


@transaction.atomic
def discard(*, by: Actor, run: ImportRun) -> ImportRun:
    """Throw an import away that was not applied: what its rows said is removed at once."""
    current = locked(by, run, [RunState.MATCHING, RunState.CHECKED])
    ImportRow.objects.filter(run=current).update(
        cells=[], withheld=[], problems=[], candidates=[], values={}, before=None, after=None
    )
    current.state, current.rows_removed_at = RunState.DISCARDED, timezone.now()
    current.save(update_fields=["state", "rows_removed_at"])
    audit.record("sheet thrown away", by=by, obj=current)
    return current


def _remembered(region: Region) -> dict[str, str]:
    """What the region's admins matched before, the latest last: heading to field."""
    known: dict[str, str] = {}
    runs = ImportRun.objects.filter(region=region).exclude(state=RunState.MATCHING)
    for headings, matching in reversed(runs.values_list("headings", "matching")[:REMEMBERED_RUNS]):
        for key, column in matching.items():
            known[plain(headings[column])] = key
    return known


def _article(label: str) -> str:
    return f"the {label[0].lower()}{label[1:]}"
