"""What goes into a publication and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from initiatives.suppression.rules import Rule


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of people: the sum of atoms, which are whole numbers that nobody outside knows.

    An atom keeps its name for as long as its raw value is the same, and gets a new one with a
    corrected value. `level` 0 is published first, and withheld last. Figures of a level that are
    `together` are shown or withheld as one. A `hidden` figure is never published, yet protected
    as though it were: 18 of 20 also says 2.
    """

    key: str
    of: frozenset[str]
    value: int
    level: int
    hidden: bool = False
    together: str = ""


class Status(StrEnum):
    """How much is told of a figure."""

    SHOWN = "shown"
    MASKED = "masked"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a figure; `shown` is the rounded value of one that is shown."""

    status: Status
    shown: int | None = None


MASKED = Told(Status.MASKED)
WITHHELD = Told(Status.WITHHELD)


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published together before: it cannot be unread.

    `figures` has the hidden ones too, which `told` has not. `levels` and `together` say in which
    order it was decided; without them nobody can work out why something was withheld.
    """

    figures: Mapping[str, frozenset[str]]
    told: Mapping[str, Told]
    rule: Rule
    levels: Mapping[str, int] = field(default_factory=dict)
    together: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, figures: Sequence[Figure], told: Mapping[str, Told], rule: Rule) -> Publication:
        """What these figures are for all later publications."""
        return cls(
            {figure.key: figure.of for figure in figures},
            dict(told),
            rule,
            {figure.key: figure.level for figure in figures},
            {figure.key: figure.together for figure in figures if figure.together},
        )
