"""The two years behind what is planned: terms, holidays, busy times, as whole days.

What several organisations of a partnership share stands once; what some of them have alone names
them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from icalendar import Event

from calendars.constraints import Constraint, Effect, OrganisationCalendar
from calendars.entries import new_entry, put_whole_days
from calendars.selectors import calendars_of
from calendars.status import Standing
from calendars.terms import SUMMER_HOLIDAY, half_terms_between
from calendars.working_days import bank_holidays
from calendars.years import AcademicYear
from organisations.actor import Actor
from partnerships.diary.selectors import diary_of
from partnerships.record.models import Partnership

MOST_NAMED = 2
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """Something that holds on days, both included; `whose` is empty where it holds for all."""

    start: date
    end: date
    name: str
    note: str = ""
    whose: tuple[str, ...] = ()

    def entry(self, stamp: datetime) -> Event:
        """The days as an entry. Other days, another entry: nothing here is ever revised."""
        known = hashlib.sha256(repr((self.start, self.end, self.name)).encode()).hexdigest()[:24]
        event = new_entry(f"year-{known}@tandem", stamp=stamp, summary=self.name + self._suffix)
        event.add("sequence", 0)
        put_whole_days(event, self.start, self.end)
        event.add("description", "\n".join(each for each in (*self.whose, self.note) if each))
        event.add("status", "CONFIRMED")
        return event

    @property
    def _suffix(self) -> str:
        if not self.whose:
            return ""
        more = len(self.whose) - MOST_NAMED
        named = ", ".join(self.whose[:MOST_NAMED])
        return f" ({named} and {more} more)" if more > 0 else f" ({named})"


def year_of(actor: Actor, partnership: Partnership | None, first: date, last: date) -> list[Days]:
    """What holds from `first` to `last`, both included; a fixed number of statements."""
    if partnership is not None:
        diary = diary_of(actor, partnership, first, last)
        calendars, shared = diary.calendars, diary.shared
    else:
        assert actor.organisation_id is not None
        calendars = list(calendars_of(actor, [actor.organisation_id], first, last).values())
        shared = []
    found = [*_bank_holidays(first, last), *(_of_constraint(each) for each in shared)]
    found += _together(calendars, first, last)
    return sorted(each for each in found if each.start <= last and each.end >= first)


def _together(calendars: Sequence[OrganisationCalendar], first: date, last: date) -> Iterator[Days]:
    """Each once, with the names of those for whom it holds unless that is everybody."""
    whose: dict[tuple[date, date, str], list[str]] = {}
    notes: dict[tuple[date, date, str], str] = {}
    for calendar in calendars:
        for days in (*_of_terms(calendar, first, last), *_of_constraints(calendar)):
            known = (days.start, days.end, days.name)
            if calendar.name not in whose.setdefault(known, []):
                whose[known].append(calendar.name)
            notes.setdefault(known, days.note)
    for known, names in whose.items():
        everybody = len(names) == len(calendars)
        yield Days(*known, notes[known], () if everybody else tuple(names))


def _bank_holidays(first: date, last: date) -> Iterator[Days]:
    for year in range(first.year, last.year + 1):
        for each in bank_holidays(year):
            yield Days(each.day, each.day, f"Bank holiday: {each.name}", "In all of England")


def _of_terms(calendar: OrganisationCalendar, first: date, last: date) -> Iterator[Days]:
    terms = calendar.terms
    if terms is None:
        return
    for half in half_terms_between(first, last, terms):
        note = _sentences(calendar.terms_from, half.standing.in_words)
        yield Days(half.start, half.start, f"{half.name} begins{_typical(half.standing)}", note)
        yield Days(half.end, half.end, f"{half.name} ends{_typical(half.standing)}", note)
    years = [terms(year) for year in AcademicYear.between(first, last)]
    for year in years:
        for holiday in year.holidays:
            name = f"{_capital(holiday.name)}{_typical(year.standing)}"
            note = _sentences(calendar.terms_from, year.standing.in_words)
            yield Days(holiday.start, holiday.end, name, note)
    for before, after in pairwise(years):
        start, end = before.half_terms[-1].end + _ONE_DAY, after.half_terms[0].start - _ONE_DAY
        if start <= end:
            name = f"{_capital(SUMMER_HOLIDAY)}{_typical(after.standing)}"
            note = _sentences(calendar.terms_from, after.standing.in_words)
            yield Days(start, end, name, note)
    for day in calendar.inset_days:
        yield Days(day, day, "INSET day", "Closed to pupils")


def _typical(standing: Standing) -> str:
    return "" if standing.is_certain else f" ({standing.value})"


def _of_constraints(calendar: OrganisationCalendar) -> Iterable[Days]:
    return (
        _of_constraint(each)
        for each in calendar.constraints
        if each.effect is not Effect.BACKGROUND
    )


def _of_constraint(constraint: Constraint) -> Days:
    known = constraint.standing
    note = _sentences(constraint.advice, known.in_words if known else "")
    name = f"{constraint.name}{_typical(known) if known else ''}"
    return Days(constraint.start, constraint.end, name, note)


def _sentences(*words: str) -> str:
    return " ".join(f"{_capital(each.rstrip('.'))}." for each in words if each)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
