"""Imports of history in words: the list of them, and each row with what was found about it."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from frontend.components import Column, Component, link, table, tag
from frontend.wording import datetime_words
from organisations.actor import Actor
from organisations.addresses import page_of
from overview.history_import.columns import CONTACTS, PARTNERSHIPS, SHEETS
from overview.history_import.models import HistoryRow, HistoryRun, Outcome, RunState

COLOURS = {
    Outcome.PROBLEM: "red",
    Outcome.UNKNOWN: "orange",
    Outcome.NEW: "green",
    Outcome.THERE: "grey",
    Outcome.LEFT_OUT: "grey",
}
STATES = {
    RunState.CHECKED: "yellow",
    RunState.APPLIED: "green",
    RunState.UNDONE: "grey",
    RunState.DISCARDED: "grey",
}
LONGEST_SHOWN = 80
_WIDE = Column("By", wide_only=True)


def history(actor: Actor, runs: Iterable[HistoryRun]) -> Component | None:
    """The organisation's imports as a table; None when there are none."""
    rows = [
        [
            link(run.file_name, page_of(actor, "history-import", ref=run.ref)),
            datetime_words(run.asked_at),
            run.asked_by,
            f"{sum(sum(each.values()) for each in run.counts.values()):,}",
            tag(run.get_state_display(), STATES[RunState(run.state)]),
        ]
        for run in runs
    ]
    columns: list[Column | str] = [
        "Workbook", "Brought in", _WIDE, Column("Rows", numeric=True), "State",
    ]  # fmt: skip
    return table(columns, rows) if rows else None


def counts(run: HistoryRun) -> Component:
    """How many rows of each sheet have which outcome."""
    columns: list[Column | str] = [
        "Sheet", *(Column(_result(run, each), numeric=True) for each in _there(run)),
    ]  # fmt: skip
    rows = [
        [sheet.name, *(f"{run.counts.get(sheet.name, {}).get(each, 0):,}" for each in _there(run))]
        for sheet in SHEETS
    ]
    return table(columns, rows)


def _there(run: HistoryRun) -> list[Outcome]:
    """The outcomes that rows have, and always what is new and what is there."""
    had = {outcome for each in run.counts.values() for outcome in each}
    return [each for each in Outcome if each in had or each in (Outcome.NEW, Outcome.THERE)]


def total(run: HistoryRun, outcome: str) -> int:
    """How many rows have an outcome."""
    return sum(each.get(outcome, 0) for each in run.counts.values())


def preview(run: HistoryRun, rows: Iterable[HistoryRow]) -> Component:
    """Rows with what was found about each."""
    lines = [
        [
            f"{SHEETS[row.sheet].name} {row.number}",
            tag(_result(run, row.outcome), COLOURS[Outcome(row.outcome)]),
            _says(row),
            Markup("<br>").join(escape(each) for each in _sentences(row)),
        ]
        for row in rows
    ]
    columns: list[Column | str] = ["Row", "Result", "What it says", "What was found"]
    return table(columns, lines)


def _result(run: HistoryRun, outcome: str) -> str:
    """The outcome in words: what was new once it is saved, too."""
    saved = run.applied_at is not None and outcome == Outcome.NEW
    return "Saved" if saved else Outcome(outcome).label


def results(run: HistoryRun) -> list[tuple[str, str, int]]:
    """Each outcome that rows have, in words, and how many have it."""
    return [
        (str(each), _result(run, each), count) for each in Outcome if (count := total(run, each))
    ]


def _says(row: HistoryRow) -> str:
    """A row by what people know it by."""
    names = {PARTNERSHIPS: ("name", "partner"), CONTACTS: ("partnership", "name", "email")}
    keys = names.get(row.sheet, ("partnership", "held_on", "summary"))
    texts = ", ".join(filter(None, (row.values.get(each, "") for each in keys)))
    return texts if len(texts) <= LONGEST_SHOWN else f"{texts[:LONGEST_SHOWN].rstrip()}…"


def _sentences(row: HistoryRow) -> list[str]:
    found = [_sentence("", row.found)] if row.found else []
    return found + [_sentence(*each) for each in row.problems]


def _sentence(heading: str, said: str) -> str:
    ended = said if said.endswith((".", "?")) else f"{said}."
    return f"{heading}: {ended}" if heading else ended
