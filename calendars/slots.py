"""The next days that suit every organisation, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from calendars.clashes import Clash, blocked_days, clashes_on
from calendars.constraints import ALL, Constraint, Effect, OrganisationCalendar
from calendars.terms import TermSource, place_in_years, typical_terms
from calendars.years import plain_day
from organisations.models import Sector

_ONE_DAY = timedelta(days=1)
# How far ahead a slot is looked for unless the caller says so.
LOOK_AHEAD = timedelta(days=731)
# How many things to keep in mind are named in one sentence.
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """A day on which nobody is blocked: why it suits, and what remains to keep in mind."""

    day: date
    why: str
    cautions: tuple[str, ...]


def terms_of(calendars: Sequence[OrganisationCalendar]) -> TermSource:
    """By whose terms a day of theirs is named: the first school's, else the typical ones."""
    return next((each.terms for each in calendars if each.terms is not None), typical_terms)


def next_clear_slots(
    after: date,
    calendars: Sequence[OrganisationCalendar],
    *,
    shared: Sequence[Constraint] = (),
    taken: Collection[date] = (),
    count: int = 5,
    until: date | None = None,
) -> list[Slot]:
    """The first `count` days after `after`, up to and including `until`, that suit everyone.

    Days in `taken` are left out. The calendars must reach to `until`, two years ahead if none.
    """
    first = plain_day(after) + _ONE_DAY
    last = until or after + LOOK_AHEAD
    blocked = blocked_days(calendars, first, last, shared)
    clear: list[date] = []
    day = first
    while day <= last and len(clear) < count:
        if day not in blocked and day not in taken:
            clear.append(day)
        day += _ONE_DAY
    if not clear:
        return []
    near = [each.between(clear[0], clear[-1]) for each in calendars]
    return [slot_on(day, near, shared) for day in clear]


def slot_on(
    day: date, calendars: Sequence[OrganisationCalendar], shared: Sequence[Constraint] = ()
) -> Slot:
    """A clear day in words."""
    said = clashes_on(day, calendars, shared)
    place = place_in_years(day, terms_of(calendars))
    cautions = [clash for clash in said if clash.effect is Effect.CAUTION]
    return Slot(
        day=day,
        why=f"{place}. {_why(calendars, cautions)}{_occasion(said)}",
        cautions=tuple(f"{clash.who}: {clash.words}" for clash in cautions),
    )


def _why(calendars: Sequence[OrganisationCalendar], cautions: Sequence[Clash]) -> str:
    sides = {each.sector for each in calendars}
    open_day = "A school day and a working day" if Sector.SCHOOL in sides else "A working day"
    if not cautions:
        return f"{open_day}, no pressure point."
    names = list(dict.fromkeys(_named(clash) for clash in cautions))
    if len(names) > _MOST_NAMED:
        names = [*names[: _MOST_NAMED - 1], f"{len(names) - _MOST_NAMED + 1} more"]
    return f"{open_day}. Keep in mind: {'; '.join(names)}."


def _named(clash: Clash) -> str:
    return clash.name if clash.phase == ALL else f"{clash.name} in {clash.phase} schools"


def _occasion(said: Sequence[Clash]) -> str:
    names = [clash.name for clash in said if clash.effect is Effect.OPPORTUNITY]
    return f" A good occasion: {' and '.join(names)}." if names else ""
