"""Checked rows in words: a table of what saving each would do, and how many do what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup, escape

from frontend.components import Column, Component, table, tag
from frontend.wording import counted
from initiatives.measures.models import Measure, Reading
from initiatives.measures.sheets.columns import GROUP, PERIOD, columns_of
from initiatives.measures.sheets.judging import Judged, Outcome
from initiatives.suppression.rules import Rule

RESULTS = {
    Outcome.PROBLEM: ("Problem", "red"),
    Outcome.NEW: ("New", "green"),
    Outcome.CORRECTION: ("Correction", "orange"),
    Outcome.SAME: ("Same already", "grey"),
}
COUNTED = {
    Outcome.PROBLEM: ("row with a problem", "rows with a problem"),
    Outcome.NEW: ("new row", "new rows"),
    Outcome.CORRECTION: ("correction", "corrections"),
    Outcome.SAME: ("row that is in Tandem already", "rows that are in Tandem already"),
}
LONGEST_SHOWN = 60
_SMALL = "A small number: others are not told it"


def preview(measure: Measure, rows: Sequence[Judged], rule: Rule) -> Component:
    """Every row, as it was read, with what saving it would do. `rule` holds for small numbers."""
    columns = columns_of(measure)
    return table(
        [
            Column("Row", nowrap=True),
            *(Column(each.heading, numeric=each.key not in (PERIOD, GROUP)) for each in columns),
            "Result",
            "What to know",
        ],
        [
            [
                f"Row {row.line.number}",
                *(_shown(row, each.key) for each in columns),
                tag(*RESULTS[row.outcome]),
                _notes(row, rule),
            ]
            for row in rows
        ],
    )


def how_many(rows: Sequence[Judged]) -> str:
    """How many rows do what: `1 row with a problem, 3 new rows`."""
    counts = Counter(row.outcome for row in rows)
    return ", ".join(counted(counts[each], *COUNTED[each]) for each in RESULTS if counts[each])


def _shown(row: Judged, key: str) -> str:
    """A cell by the name that Tandem has for it; as it stands there where it has none."""
    if key == PERIOD and row.span is not None:
        return row.span.name
    if key == GROUP and row.group:
        return row.group
    text = row.line.texts[key]
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN].rstrip()}…"


def _notes(row: Judged, rule: Rule) -> Markup | str:
    notes = [f"{each}." for each in row.problems]
    if row.outcome == Outcome.CORRECTION and row.before is not None:
        notes.append(f"Now {_in_words(row.before)}.")
    if row.is_small(rule) and row.outcome != Outcome.PROBLEM:
        notes.append(f"{_SMALL}.")
    return Markup("<br>").join(map(escape, notes))


def _in_words(reading: Reading) -> str:
    """`80 of 200`, `80`, or `12.5 of 40 people`."""
    if reading.value is not None:
        of = "" if reading.number is None else f" of {counted(reading.number, 'person', 'people')}"
        return f"{reading.value}{of}"
    return f"{reading.number:,}" + ("" if reading.base is None else f" of {reading.base:,}")
