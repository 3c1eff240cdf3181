"""What stands in a planner: one kind of thing with its days, in words for every reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from calendars.london import weekday_in_words
from calendars.status import Standing


@dataclass(frozen=True, slots=True)
class Item:
    """Something on a day, or on all the days from `first` to `last`.

    `row` is where the strip shows it ("" for the agenda alone), `short` its name there. `rank`
    orders the items of one day.
    """

    kind: str
    name: str
    first: date
    last: date
    what: str
    row: str = ""
    short: str = ""
    href: str = ""
    time: str = ""
    detail: str = ""
    severity: str = ""
    standing: Standing | None = None
    status: str = ""
    colour: str = ""
    partnership_id: int = 0
    rank: int = 5

    @property
    def sure(self) -> bool:
        """Whether its dates may stand without a caution."""
        return self.standing is None or self.standing.is_certain

    @property
    def label(self) -> str:
        """Its name where there is little room."""
        return self.short or shortened(self.name)

    @property
    def when(self) -> str:
        """Its days in words, without a year: it stands under a month."""
        return days_in_words(self.first, self.last)

    @property
    def brief(self) -> str:
        """Its days where there is little room: "16 Nov to 11 Dec"."""
        return f"{self.first.day} {self.first:%b} to {self.last.day} {self.last:%b}"

    @property
    def in_full(self) -> str:
        """Its days and how sure they are, for those who hear it."""
        said = [span_words(self.first, self.last)]
        if self.what:
            said.append(self.what)
        if self.severity in SEVERITIES:
            said.append(SEVERITIES[self.severity])
        if self.standing is not None and not self.standing.is_certain:
            said.append(self.standing.in_words)
        if self.status and self.severity not in SEVERITIES:
            said.append(self.status)
        return ", ".join(said)


SEVERITIES = {
    "high": "high pressure",
    "medium": "medium pressure",
    "low": "low pressure",
    "opportunity": "an opportunity",
}


def shortened(name: str) -> str:
    """A name without what explains it: up to the first colon or bracket."""
    return name.partition(":")[0].partition(" (")[0].strip()


def days_in_words(first: date, last: date) -> str:
    """ "Tuesday 1 December", or "1 to 18 December", without the year of the first day."""
    if first == last:
        return weekday_in_words(first).rsplit(" ", 1)[0]
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {last.day} {last:%B}"
    if first.year == last.year:
        return f"{first.day} {first:%B} to {last.day} {last:%B}"
    return f"{first.day} {first:%B} to {last.day} {last:%B %Y}"


def span_words(first: date, last: date) -> str:
    """The days with their year."""
    words = days_in_words(first, last)
    return words if words.endswith(str(last.year)) else f"{words} {last.year}"
