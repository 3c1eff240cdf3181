"""The questions of a review, their scale, and what an average is called.

Read from `data/review_questions.yaml`. Pure: nothing here reads or writes the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LIBRARY = Path(__file__).parent / "data" / "review_questions.yaml"
PULSE, FULL = "pulse", "full"
CANNOT_SAY = "na"


@dataclass(frozen=True, slots=True)
class Question:
    """One statement. `least` and `most` say what the ends of the scale look like."""

    key: str
    text: str
    least: str
    most: str
    starred: bool


@dataclass(frozen=True, slots=True)
class Domain:
    """The questions about one matter."""

    key: str
    name: str
    questions: tuple[Question, ...]


@cache
def domains_of(kind: str) -> tuple[Domain, ...]:
    """What a review of that kind asks, by domain: a pulse asks the starred questions alone."""
    found = []
    for row in _library()["domains"]:
        asked = tuple(
            _question(each) for each in row["questions"] if kind == FULL or each.get("star")
        )
        if asked:
            found.append(Domain(row["key"], row["name"], asked))
    return tuple(found)


@cache
def keys_of(kind: str) -> tuple[str, ...]:
    """The keys of the questions of a review, in order."""
    return tuple(each.key for domain in domains_of(kind) for each in domain.questions)


@cache
def scale() -> tuple[tuple[str, str], ...]:
    """What can be answered and its words, from the least on; last, that one cannot say."""
    words = _library()["scale"]
    steps = [(str(step), f"{step} – {words[step]}") for step in (1, 2, 3, 4)]
    return (*steps, (CANNOT_SAY, words[CANNOT_SAY]))


def level_of(average: float) -> str:
    """What an average is called, as `Working`.

    >>> level_of(1.7), level_of(1.8), level_of(4)
    ('Forming', 'Developing', 'Sustained')
    """
    rounded = round(average, 1)
    for name, (_, highest) in _levels().items():
        if rounded <= highest:
            return name.capitalize()
    raise ValueError(f"no level for {average}")


@cache
def _levels() -> dict[str, tuple[float, float]]:
    found = {}
    for name, words in _library()["levels"].items():
        lowest, highest = str(words).split("-")
        found[name] = (float(lowest), float(highest))
    return found


def _question(row: dict[str, Any]) -> Question:
    return Question(row["id"], row["text"], row["l1"], row["l4"], bool(row.get("star")))


@cache
def _library() -> dict[str, Any]:
    library: dict[str, Any] = yaml.safe_load(LIBRARY.read_text(encoding="utf-8"))
    return library
