"""One measured number beside what it must and should be, and the table of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """A number, its unit, and its budget; `better` says in which direction lies the good.

    Without a budget it is measured and judged by nobody.
    """

    name: str
    value: float
    unit: str
    must: float | None = None
    aim: float | None = None
    better: Literal["lower", "higher"] = "lower"

    def verdict(self) -> str:
        if self.must is None or self.aim is None:
            return "no budget"
        if self.reaches(self.aim):
            return "aim"
        return "must" if self.reaches(self.must) else "MISSED"

    def reaches(self, budget: float) -> bool:
        return self.value <= budget if self.better == "lower" else self.value >= budget


def show(rows: Sequence[Row]) -> None:
    table = Table("what", "value", "unit", "must", "aim", "reached")
    for row in rows:
        sign = "≤" if row.better == "lower" else "≥"
        budgets = ("" if each is None else f"{sign} {each:g}" for each in (row.must, row.aim))
        numbers = (f"{row.value:.2f}", row.unit, *budgets)
        table.add_row(row.name, *numbers, row.verdict())
    Console().print(table)


def write(rows: Sequence[Row], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
