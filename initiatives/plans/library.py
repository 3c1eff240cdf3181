"""The sixteen templates of initiatives: what each is about, what it needs, how to judge it.

Read from `data/initiative_types.yaml`. Pure: nothing here reads or writes the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from initiatives.plans.models import Strand

LIBRARY = Path(__file__).parent / "data" / "initiative_types.yaml"


@dataclass(frozen=True, slots=True)
class Template:
    """One template. `measures` are keys of the library of measures."""

    key: str
    strand: Strand
    name: str
    aim: str
    example: str = ""
    activities: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


@cache
def templates() -> dict[str, Template]:
    """Every template by its key, in the order to choose from."""
    with LIBRARY.open(encoding="utf-8") as file:
        rows = yaml.safe_load(file)["templates"]
    return {row["key"]: _template(row) for row in rows}


def templates_by_strand() -> list[tuple[Strand, list[Template]]]:
    """The templates under the strand that each belongs to; every strand has some."""
    return [
        (strand, [each for each in templates().values() if each.strand == strand])
        for strand in Strand
    ]


def _template(row: dict[str, object]) -> Template:
    lists = {
        name: tuple(str(each) for each in row.get(name, ()))  # type: ignore[attr-defined]
        for name in ("activities", "needs", "measures")
    }
    return Template(
        key=str(row["key"]),
        strand=Strand(str(row["strand"])),
        name=str(row["name"]),
        aim=str(row["aim"]),
        example=str(row.get("example", "")),
        **lists,
    )
