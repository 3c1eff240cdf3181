"""Imports in words: the history, and each row with everything found about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from markupsafe import Markup

from contacts.models import ImportRow, ImportRun, Outcome, RunState, Visibility
from contacts.sheets.fields import BY_KEY, letter
from contacts.sheets.selectors import Names
from frontend.components import Column, Component, link, table, tag
from frontend.wording import counted, datetime_words, short_date

COLOURS = {
    Outcome.PROBLEM: "red",
    Outcome.UNDECIDED: "orange",
    Outcome.NEW: "green",
    Outcome.CHANGED: "blue",
    Outcome.UNCHANGED: "grey",
    Outcome.LEFT_OUT: "grey",
}
STATES = {
    RunState.MATCHING: "yellow",
    RunState.CHECKED: "yellow",
    RunState.APPLIED: "green",
    RunState.UNDONE: "grey",
    RunState.DISCARDED: "grey",
}
NAMED = ("organisation", "role_type", "place")


def history(slug: str, runs: Iterable[ImportRun]) -> Component | None:
    """The region's imports as a table; None when there are none."""
    rows = [
        [
            link(run.file_name, reverse("sheet", args=[slug, run.ref])),
            datetime_words(run.asked_at),
            run.asked_by,
            f"{run.rows_read:,}",
            tag(run.get_state_display(), STATES.get(RunState(run.state), "blue")),
        ]
        for run in runs
    ]
    columns: list[Column | str] = [
        "Sheet",
        "Brought in",
        Column("By", wide_only=True),
        Column("Rows", numeric=True),
        "State",
    ]
    return table(columns, rows) if rows else None


def preview(run: ImportRun, rows: Iterable[ImportRow], names: Names) -> Component:
    """Rows with what was found about each."""
    lines = [
        [
            row.number,
            tag(row.get_outcome_display(), COLOURS[Outcome(row.outcome)]),
            who(run, row),
            found(run, row, names),
        ]
        for row in rows
    ]
    columns: list[Column | str] = [Column("Row", nowrap=True), "Result", "Who", "What was found"]
    return table(columns, lines)


def who(run: ImportRun, row: ImportRow) -> str:
    """Whom a row is about, as it says itself."""
    columns = [run.matching.get(key) for key in ("name", "job_title", "organisation")]
    texts = [row.cells[at] for at in columns if at is not None and at < len(row.cells)]
    return ", ".join(text for text in texts if text)


def found(run: ImportRun, row: ImportRow, names: Names) -> Markup:
    """What is wrong, what would change, or who it may be."""
    return Markup("<br>").join(sentences(run, row, names))


def sentences(run: ImportRun, row: ImportRow, names: Names) -> list[str]:
    """The same, a sentence each."""
    if row.problems:
        return [f"{_where(run, each)}{each['message']}." for each in row.problems]
    if row.outcome == Outcome.UNDECIDED:
        there = [names.contacts.get(pk, "a contact") for pk in row.candidates]
        return [f"May be the same as {each}." for each in there]
    if row.outcome == Outcome.CHANGED:
        before, after = row.before or {}, row.after or {}
        return [
            f"{BY_KEY[key].label}: {_value(key, before.get(key), names)}, "
            f"now {_value(key, after.get(key), names)}."
            for key in row.values
            if key in BY_KEY and before.get(key) != after.get(key)
        ]
    if row.outcome == Outcome.NEW:
        return [f"At {names.organisation.get(row.values.get('organisation', 0), '')}."]
    return []


def _where(run: ImportRun, problem: dict[str, Any]) -> str:
    column = problem["column"]
    if column is None or column >= len(run.headings):
        return ""
    return f"{run.headings[column] or 'No heading'} (column {letter(column)}): "


def _value(key: str, value: Any, names: Names) -> str:
    if value in (None, ""):
        return "nothing"
    if key in NAMED:
        return str(getattr(names, key).get(value, "one that is gone"))
    if key in ("started_on", "ended_on"):
        return short_date(date.fromisoformat(value))
    if key == "visibility":
        return Visibility(value).label
    return str(value)


def counts(run: ImportRun) -> list[tuple[str, str, str]]:
    """Each outcome that rows have, in words, with its name and colour."""
    words = {
        Outcome.PROBLEM: ("row with a problem", "rows with a problem"),
        Outcome.UNDECIDED: ("possible duplicate", "possible duplicates"),
        Outcome.NEW: ("new contact", "new contacts"),
        Outcome.CHANGED: ("changed contact", "changed contacts"),
        Outcome.UNCHANGED: ("contact without a change", "contacts without a change"),
        Outcome.LEFT_OUT: ("row left out", "rows left out"),
    }
    return [
        (str(outcome), counted(run.counts[outcome], *words[outcome]), COLOURS[outcome])
        for outcome in words
        if run.counts.get(outcome)
    ]
