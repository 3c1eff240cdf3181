"""The types of agreement, their clauses, and which of them each type cannot do without.

Read from `data/agreement_clauses.yaml`. Pure: nothing here reads or writes the database.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LIBRARY = Path(__file__).parent / "data" / "agreement_clauses.yaml"
DATA_SHARING = "dsa"
PREFIX = "dsa_"
# The conditions of the library, by the name of the fact that decides each.
CONDITIONS = {"clinical": "any clinical activity", "on_site": "on-site delivery"}
BINDING = {
    "legally_binding": "Meant to be legally binding",
    "not_binding": "Not meant to be legally binding",
    "depends": "Say in the text whether it is legally binding",
    "": "",
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause that an agreement may have. `fact`: it is required only where that holds."""

    key: str
    name: str
    prompt: str = ""
    reason: str = ""
    binding: str = ""
    required: bool = False
    fact: str = ""


@dataclass(frozen=True, slots=True)
class AgreementType:
    """One type. `least` are the clauses it cannot do without; empty means all that are required."""

    key: str
    name: str
    use: str
    least: tuple[str, ...] = ()


@cache
def types() -> dict[str, AgreementType]:
    """Every type of agreement by its key, in the order to choose from."""
    return {
        row["key"]: AgreementType(row["key"], row["name"], row["use"], _least(row))
        for row in _library()["types"]
    }


@cache
def clauses_of(type_key: str) -> tuple[Clause, ...]:
    """The clauses that a type may have, in order: those for data sharing come first in theirs."""
    library = _library()
    general = tuple(_clause(row) for row in library["clauses"])
    if type_key != DATA_SHARING:
        return general
    return tuple(_clause(row, required=True) for row in library["data_sharing_clauses"]) + general


def clause_of(type_key: str, key: str) -> Clause | None:
    """One clause of a type, or None."""
    return next((each for each in clauses_of(type_key) if each.key == key), None)


def required_of(type_key: str, facts: Collection[str]) -> list[Clause]:
    """The clauses without which an agreement of this type, of which `facts` hold, is not ready."""
    least = types()[type_key].least
    return [
        each
        for each in clauses_of(type_key)
        if (each.key in least if least else each.required or (each.fact and each.fact in facts))
    ]


def facts_asked(type_key: str) -> list[str]:
    """The facts that decide whether some clause of this type is required."""
    return [] if types()[type_key].least else list(CONDITIONS)


@cache
def _library() -> dict[str, Any]:
    library: dict[str, Any] = yaml.safe_load(LIBRARY.read_text(encoding="utf-8"))
    return library


def _least(row: dict[str, Any]) -> tuple[str, ...]:
    least = row.get("min_clauses", [])
    if not isinstance(least, list):
        return ()
    if any(key.endswith("*") for key in least):
        return tuple(each["key"] for each in _library()["data_sharing_clauses"])
    return tuple(least)


def _clause(row: dict[str, Any], *, required: bool = False) -> Clause:
    facts = {words: fact for fact, words in CONDITIONS.items()}
    return Clause(
        row["key"],
        row["name"],
        row.get("prompt", ""),
        row.get("reason", ""),
        row.get("binding", ""),
        required=required or row.get("required") is True,
        fact=facts[row["condition"]] if row.get("required") == "conditional" else "",
    )
