"""The measures that Tandem knows, with their definitions and published comparators.

Read from `data/measures.yaml`. Pure: nothing here reads or writes the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

LIBRARY = Path(__file__).parent / "data" / "measures.yaml"
# How the library's periods are read: a season or programme is looked at by term.
PERIODS = {
    "month": "month",
    "half-term": "half_term",
    "term": "term",
    "season": "term",
    "programme": "term",
    "quarter": "quarter",
    "year": "academic_year",
    "academic year": "academic_year",
}


@dataclass(frozen=True, slots=True)
class Known:
    """One measure of the library. `benchmark` is a published comparator in words."""

    key: str
    name: str
    unit: str
    direction: str
    level: str
    person_based: bool
    national: bool
    period: str
    numerator: str = ""
    denominator: str = ""
    source: str = ""
    benchmark: str = ""
    warning: str = ""
    min_base: int = 0


@cache
def measures() -> dict[str, Known]:
    """Every measure of the library by its key, in the order to choose from."""
    with LIBRARY.open(encoding="utf-8") as file:
        rows = yaml.safe_load(file)
    return {row["key"]: _known(row) for row in rows}


def _known(row: dict[str, object]) -> Known:
    return Known(
        key=str(row["key"]),
        name=str(row["name"]),
        unit=str(row["unit"]),
        direction=str(row["direction"]),
        level=str(row["level"]),
        person_based=bool(row["person_based"]),
        national=row["standard"] == "national",
        period=PERIODS[str(row["period"])],
        numerator=str(row.get("numerator", "")),
        denominator=str(row.get("denominator", "")),
        source=str(row.get("source", "")),
        benchmark=str(row.get("benchmark", "")),
        warning=str(row.get("warning", "")),
        min_base=int(str(row.get("min_base", 0))),
    )
