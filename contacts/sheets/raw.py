"""What both kinds of file are read into: rows of texts as they stand there, and how many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

MOST_ROWS = 10_000
MOST_COLUMNS = 60
# How far rows are counted once there are too many.
COUNTED = 200_000


@dataclass(slots=True)
class Raw:
    """The headings (None: nothing at all), the rows below that hold anything, by number."""

    headings: list[str] | None = None
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    rows_in_all: int = 0
    counted: bool = True


def gathered(lines: Iterable[list[str]]) -> Raw:
    """The first line that holds anything is the headings; empty lines count, and are left out."""
    raw = Raw()
    for number, cells in enumerate(lines, start=1):
        if not any(cell.strip() for cell in cells):
            if number > COUNTED:
                raw.counted = False
                break
            continue
        if raw.headings is None:
            raw.headings = cells
            continue
        raw.rows_in_all += 1
        if raw.rows_in_all <= MOST_ROWS:
            raw.rows.append((number, cells))
        elif raw.rows_in_all >= COUNTED:
            raw.counted = False
            break
    return raw


def unreadable(said: str) -> ValidationError:
    """The refusal of a file, for the form's field."""
    return ValidationError({"sheet": said})
