"""What saving each row would do: a new reading, a correction, nothing, or a problem and what to do.

Pure: rows, periods and the readings that stand in, judgements out. Numbers are read as the form of
one reading reads them, and refused in its words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError

from contacts.sheets.cells import is_fault
from initiatives.measures.forms import average_field, count_field
from initiatives.measures.models import WHOLE, Measure, Reading
from initiatives.measures.periods import Span
from initiatives.measures.periods_written import NoSuchPeriod, read_period
from initiatives.measures.services import Entries, Entry, is_same, wrong_in
from initiatives.measures.sheets.columns import (
    BASE,
    GROUP,
    NUMBER,
    NUMBERS,
    PERIOD,
    VALUE,
    columns_of,
    plain,
)
from initiatives.measures.sheets.reading import Line, Periods, Sheet
from initiatives.suppression.rules import Rule

_OF = re.compile(r"([\d,]+) ?(?:of|out of|/) ?([\d,]+)", re.IGNORECASE)
_WHOLES = frozenset({"all", "total", "whole", "sum", "grand total"})
_FORMULA = "This is a formula. In your spreadsheet, copy the cells and paste them as values"
_FAULT = "Your spreadsheet could not work this out. Enter the number"


class Outcome(StrEnum):
    """What saving a row would do."""

    NEW = "new"
    CORRECTION = "correction"
    SAME = "same"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with what was found about it. `before` is the reading that it corrects."""

    line: Line
    outcome: Outcome
    problems: tuple[str, ...] = ()
    span: Span | None = None
    group: str | None = None
    entry: Entry | None = None
    before: Reading | None = None

    def is_small(self, rule: Rule) -> bool:
        """Whether one of its numbers is so small that others are not told of it."""
        entry = self.entry
        if entry is None or entry.number is None:
            return False
        if entry.value is not None:
            return entry.number < rule.averages_min_n
        few = [entry.number]
        if entry.base is not None:
            few += [entry.base, entry.base - entry.number]
        return any(map(rule.masks, few))


def judge(
    measure: Measure, sheet: Sheet, periods: Periods, standing: Iterable[Reading]
) -> list[Judged]:
    """Each row of a sheet, in order. `standing` are the measure's readings as they are now."""
    known = {(each.starts_on, each.ends_on, each.group): each for each in standing}
    rows = [_judged(measure, line, periods, known) for line in sheet.lines]
    rows = _without_doubles(rows)
    return _with_all_groups(measure, rows, {key[:2] for key in known})


def readings_in(rows: Iterable[Judged]) -> list[Entries]:
    """What the service takes of rows without a problem: those that change something, by period."""
    found: dict[Span, list[Entry]] = {}
    for each in rows:
        if each.outcome in (Outcome.NEW, Outcome.CORRECTION):
            assert each.span is not None
            assert each.entry is not None
            found.setdefault(each.span, []).append(each.entry)
    return [Entries(span, entries) for span, entries in sorted(found.items())]


def _judged(measure: Measure, line: Line, periods: Periods, known: Mapping[Any, Reading]) -> Judged:
    problems: list[str] = []
    span, group = _span(measure, line, periods, problems), _group(measure, line, problems)
    entry = _entry(measure, line, group or WHOLE, problems)
    if line.more:
        problems.append("There is more in this row than there are headings. Write 1200, not 1,200")
    if problems or span is None or entry is None:
        return Judged(line, Outcome.PROBLEM, tuple(problems), span, group, entry)
    before = known.get((span.starts_on, span.ends_on, entry.group))
    outcome = Outcome.NEW
    if before is not None:
        outcome = Outcome.SAME if is_same(before, entry) else Outcome.CORRECTION
    return Judged(line, outcome, (), span, group, entry, before)


def _span(measure: Measure, line: Line, periods: Periods, problems: list[str]) -> Span | None:
    text = line.texts[PERIOD]
    try:
        return read_period(text, measure.period, periods.over, periods.to_come)
    except NoSuchPeriod as wrong:
        problems.append(f"Period: {wrong if text else 'Enter the period of this reading'}")
        return None


def _group(measure: Measure, line: Line, problems: list[str]) -> str | None:
    if not measure.groups:
        return WHOLE
    text = plain(line.texts[GROUP])
    for group in measure.groups:
        if plain(group) == text:
            return group
    if text in _WHOLES:
        problems.append("Group: Leave this row out. Tandem adds the groups up")
    else:
        problems.append(f"Group: Enter one of the groups: {', '.join(measure.groups)}")
    return None


def _entry(measure: Measure, line: Line, group: str, problems: list[str]) -> Entry | None:
    headings = {column.key: column.heading for column in columns_of(measure)}
    amounts: dict[str, Any] = {}
    for key in NUMBERS:
        if key not in headings:
            continue
        try:
            amounts[key] = _amount(measure, key, line.texts[key])
        except ValidationError as wrong:
            problems += [f"{headings[key]}: {words}" for words in wrong.messages]
    if len(amounts) < sum(key in headings for key in NUMBERS):
        return None
    entry = Entry(group, amounts.get(NUMBER), amounts.get(BASE), amounts.get(VALUE))
    problems += [
        f"{headings.get(key, key)}: {words}" for key, words in wrong_in(measure, entry).items()
    ]
    return entry


def _amount(measure: Measure, key: str, text: str) -> Any:
    """The number of a cell; raises ValidationError as the form of one reading does."""
    if text.startswith(("=", "@")):
        raise ValidationError(_FORMULA)
    if is_fault(text):
        raise ValidationError(_FAULT)
    if key == NUMBER and (parts := _OF.fullmatch(text)):
        base = any(each.key == BASE for each in columns_of(measure))
        rest = f" here and {parts[2]} as “Out of”, each in a cell of its own" if base else " alone"
        raise ValidationError(f"Enter {parts[1]}{rest}")
    if key == VALUE:
        return average_field("Average").clean(text)
    missing = "Enter out of how many, 1 or more" if key == BASE else "Enter a number, or 0"
    return count_field(measure, key, missing).clean(text)


def _without_doubles(rows: Sequence[Judged]) -> list[Judged]:
    """A period, and group, that stands in several rows is a problem of each."""

    def what(row: Judged) -> tuple[Any, ...] | None:
        return (row.span, row.group) if row.span and row.group is not None else None

    times = Counter(what(row) for row in rows)
    numbers: dict[Any, list[int]] = {}
    for row in rows:
        numbers.setdefault(what(row), []).append(row.line.number)
    return [
        row
        if (it := what(row)) is None or times[it] == 1
        else _problem(row, f"This reading is there twice, in rows {_listed(numbers[it])}. Keep one")
        for row in rows
    ]


def _with_all_groups(
    measure: Measure, rows: Sequence[Judged], read: set[tuple[Any, ...]]
) -> list[Judged]:
    """A period that has no reading yet needs a number of each group."""
    named: dict[Span, set[str]] = {}
    for row in rows:
        if row.span is not None and row.group is not None:
            named.setdefault(row.span, set()).add(row.group)
    found = list(rows)
    for at, row in enumerate(rows):
        # Said once for each period.
        if row.span is None or row.group is None or row.span not in named:
            continue
        there = named.pop(row.span)
        missing = [each for each in measure.groups if each not in there]
        if missing and (row.span.starts_on, row.span.ends_on) not in read:
            said = f"{row.span.name} has no number for {_listed(missing)}. Add a row for each"
            found[at] = _problem(row, said)
    return found


def _problem(row: Judged, said: str) -> Judged:
    return replace(row, outcome=Outcome.PROBLEM, problems=(*row.problems, said))


def _listed(words: Sequence[object]) -> str:
    *most, last = map(str, words)
    return f"{', '.join(most)} and {last}" if most else last
