"""What is to say about a day that somebody chooses with partners, and which days suit instead.

It warns and never forbids: a report says what a day clashes with for each side, and offers the next
clear days. Words for people are here; what clashes is decided in `calendars`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from calendars.clashes import Clash
from calendars.constraints import ALL, Effect
from calendars.london import today, weekday_in_words
from calendars.slots import LOOK_AHEAD, Slot, terms_of
from calendars.terms import place_in_years
from frontend.components import Component, tag
from organisations.actor import Actor
from organisations.models import Sector
from partnerships.diary.selectors import SharedDiary, diary_of
from partnerships.record.models import Partnership

SIDES = (
    (None, "For everyone"),
    (Sector.SCHOOL, "For schools"),
    (Sector.HEALTH, "For health and council"),
)
EFFECTS = {
    Effect.BLOCKS: ("Clash", "red"),
    Effect.CAUTION: ("Keep in mind", "yellow"),
    Effect.OPPORTUNITY: ("Good occasion", "green"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """What a day means for one side, heaviest first."""

    label: str
    clashes: list[Clash]


@dataclass(frozen=True, slots=True)
class DayReport:
    """A day in words. Without a day it only offers the next ones that suit.

    `taken`: the partnership has something planned on that day already.
    """

    day: date | None
    place: str
    sides: list[Side]
    slots: list[Slot]
    taken: bool

    @property
    def words(self) -> str:
        """The day, as people write it."""
        return weekday_in_words(self.day) if self.day else ""

    def label_of(self, clash: Clash) -> Component:
        """How much a clash weighs, as a tag."""
        return tag(*EFFECTS[clash.effect])

    @property
    def clashes(self) -> list[Clash]:
        """All that is to say, side by side."""
        return [clash for side in self.sides for clash in side.clashes]

    @property
    def pausing(self) -> list[Clash]:
        """What is asked about once before a day is taken.

        What blocks somebody, and what holds for one phase of schools: a trust may have none of it.
        What lasts for months, like winter, is said and not asked about: nobody would read it twice.
        """
        return [each for each in self.clashes if each.blocks or _of_a_phase(each)]

    @property
    def gives_pause(self) -> bool:
        """Whether the day is asked about once before it is taken."""
        return bool(self.pausing)

    @property
    def is_clear(self) -> bool:
        """Whether nothing at all speaks against the day."""
        return self.day is not None and not any(
            each.effect in (Effect.BLOCKS, Effect.CAUTION) for each in self.clashes
        )


def report_on(
    actor: Actor, partnership: Partnership, day: date | None, *, until: date | None = None
) -> DayReport:
    """What is to say about a day in a partnership; a fixed number of statements.

    The next clear days are looked for after it (after today without one), up to and including
    `until`. They are left out where nothing speaks against the day.
    """
    after = max(day, today()) if day else today()
    diary = diary_of(actor, partnership, min(day or after, after), until or after + LOOK_AHEAD)
    return report_in(diary, day, until=until)


def report_in(diary: SharedDiary, day: date | None, *, until: date | None = None) -> DayReport:
    """The same from a diary that reaches far enough."""
    report = report_of(diary, day) if day else DayReport(None, "", [], [], False)
    if report.is_clear:
        return report
    after = max(day, today()) if day else today()
    found = _without(report.pausing, day, diary).clear_slots(after, until=until)
    return replace(report, slots=found)


def report_of(diary: SharedDiary, day: date) -> DayReport:
    """A day without others to take instead, for which the diary need only reach to that day."""
    return DayReport(
        day=day,
        place=place_in_years(day, terms_of(diary.calendars)),
        sides=sides_of(diary.clashes_on(day)),
        slots=[],
        taken=day in diary.taken,
    )


def _without(pausing: Sequence[Clash], day: date | None, diary: SharedDiary) -> SharedDiary:
    """The diary with what speaks against a day blocking its other days too.

    Nobody who is warned of a primary school's test week wants to be offered its next day.
    """
    names = {clash.name for clash in pausing}
    those = [
        replace(constraint, effect=Effect.BLOCKS)
        for calendar in diary.calendars
        for constraint in calendar.constraints
        if day and constraint.on(day) and constraint.name in names
    ]
    return replace(diary, shared=[*diary.shared, *those])


def sides_of(clashes: Sequence[Clash]) -> list[Side]:
    """Clashes by the side that they are about; a side with nothing to say is left out."""
    sides = [
        Side(label, [clash for clash in clashes if clash.sector == sector])
        for sector, label in SIDES
    ]
    return [side for side in sides if side.clashes]


def _of_a_phase(clash: Clash) -> bool:
    return clash.effect is Effect.CAUTION and clash.phase != ALL
