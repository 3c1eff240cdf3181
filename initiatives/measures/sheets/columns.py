"""The columns of a measure's sheet: what they are called, and how people call them too. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from initiatives.measures.models import Measure, Period, Unit

PERIOD, GROUP, NUMBER, BASE, VALUE = "period", "group", "number", "base", "value"
NUMBERS = (VALUE, NUMBER, BASE)
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its heading in the template, and other headings that mean it."""

    key: str
    heading: str
    others: tuple[str, ...] = ()

    def is_called(self, heading: str) -> bool:
        """Whether a heading means it, whatever its capitals and signs."""
        return plain(heading) in {plain(each) for each in (self.heading, *self.others) if each}


def columns_of(measure: Measure) -> list[Column]:
    """The columns that a sheet of this measure has, in order."""
    kind = Period(measure.period).label
    found = [Column(PERIOD, "Period", (kind, f"{kind}s", "Reading for"))]
    if measure.groups:
        found.append(Column(GROUP, "Group", ("Groups", "Breakdown", "Broken down by")))
    if measure.is_average:
        found.append(Column(VALUE, "Average", ("Mean", "Value", "Score", "Days", "Minutes")))
        if measure.person_based:
            found.append(Column(NUMBER, "People", ("Number", "Of how many people", "Count")))
        return found
    found.append(Column(NUMBER, "Number", ("Numerator", "Count", "How many", measure.numerator)))
    if measure.unit == Unit.PERCENT:
        others = ("Of", "Out of how many", "Out of whom", "Denominator", "Base")
        found.append(Column(BASE, "Out of", (*others, measure.denominator)))
    return found


def plain(text: str) -> str:
    """A text as it is compared."""
    return _SIGNS.sub(" ", text.casefold()).strip()
