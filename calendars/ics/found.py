"""What a calendar holds for an organisation, as it is kept until a person has looked at it.

Here: term dates by year and busy periods, to plain values for a JSON column and back. Names are
looked at for identifiers of children and patients before they are kept anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from calendars.ics.reading import Calendar, Event
from calendars.ics.terms_from_events import (
    NOTHING_FOUND,
    FoundTerms,
    NoTermDates,
    terms_in,
    years_in,
)
from calendars.london import day_in_words
from calendars.terms import HalfTerm
from calendars.years import AcademicYear
from organisations.guard_rail import find_identifiers
from organisations.visible_text import in_reading_order

MOST_PERIODS = 300
WITHOUT_NAME = "Busy"
_LONG_ENOUGH = timedelta(hours=4)
_LONGEST = timedelta(days=366)
_LONGEST_CAUTION = 300


@dataclass(frozen=True, slots=True)
class Busy:
    """A time when an organisation is busy, by whole days; `uid` names it in its calendar."""

    uid: str
    name: str
    first: date
    last: date

    @property
    def key(self) -> str:
        """What it is called in a form."""
        return f"{self.first:%Y%m%d}-{self.uid}"


@dataclass(frozen=True, slots=True)
class BusyFound:
    """The busy periods of a calendar, and what was left out, in words."""

    periods: tuple[Busy, ...]
    cautions: tuple[str, ...]


def busy_in(calendar: Calendar, since: date) -> BusyFound:
    """Entries of whole days, and those of four hours or more that are not shown as free.

    Calendar programs show entries of whole days as free unless told otherwise, so that is no sign.
    """
    cautions = list(calendar.cautions)
    coming = [event for event in calendar.events if event.last >= since]
    long = [event for event in coming if event.last - event.first > _LONGEST]
    busy = [event for event in coming if _is_busy(event) and event not in long]
    short = len(coming) - len(long) - len(busy)
    if short:
        cautions.append(f"Left out, because shorter than four hours or shown as free: {short:,}.")
    if long:
        cautions.append(f"Left out, because longer than a year: {len(long):,}.")
    if len(busy) > MOST_PERIODS:
        until = day_in_words(busy[MOST_PERIODS - 1].first)
        cautions.append(f"Only the first {MOST_PERIODS} of {len(busy):,} are here, up to {until}.")
    periods = {(each.uid, each.first): each for each in map(_period, busy[:MOST_PERIODS])}
    unnamed = sum(bool(find_identifiers(event.name)) for event in busy[:MOST_PERIODS])
    if unnamed:
        cautions.append(
            f"Named only “{WITHOUT_NAME}”, because the name looks like it holds a number of a "
            f"child or patient: {unnamed:,}."
        )
    return BusyFound(tuple(periods.values()), safe_cautions(cautions))


def _is_busy(event: Event) -> bool:
    if event.whole_days or event.starts is None or event.ends is None:
        return True
    return event.ends - event.starts >= _LONG_ENOUGH and not event.free


def _period(event: Event) -> Busy:
    hidden = event.private or find_identifiers(event.name)
    name = WITHOUT_NAME if hidden else in_reading_order(event.name).strip() or WITHOUT_NAME
    return Busy(_plain_uid(event.uid), name, event.first, event.last)


def _plain_uid(uid: str) -> str:
    """Its name among machines, not as it stands where that looks like a person's number."""
    return hashlib.sha256(uid.encode()).hexdigest()[:40] if find_identifiers(uid) else uid


def safe_cautions(cautions: Iterable[str]) -> tuple[str, ...]:
    """Without those that name an entry by a number that may not be kept."""
    return tuple(
        in_reading_order(each)[:_LONGEST_CAUTION] for each in cautions if not find_identifiers(each)
    )


def busy_kept(found: BusyFound) -> dict[str, Any]:
    """As the database keeps it."""
    periods = [
        {**asdict(each), "first": each.first.isoformat(), "last": each.last.isoformat()}
        for each in found.periods
    ]
    return {"periods": periods, "cautions": list(found.cautions)}


def busy_back(kept: Mapping[str, Any]) -> BusyFound:
    """What was kept."""
    periods = (
        Busy(
            each["uid"],
            each["name"],
            date.fromisoformat(each["first"]),
            date.fromisoformat(each["last"]),
        )
        for each in kept["periods"]
    )
    return BusyFound(tuple(periods), tuple(kept["cautions"]))


def terms_kept(calendar: Calendar, since: date) -> dict[str, Any]:
    """The term dates of every school year that has not ended, as the database keeps them.

    Raises NoTermDates when there are none.
    """
    this_year = AcademicYear.of(since)
    years = [year for year in years_in(calendar.events) if year >= this_year]
    if not years:
        raise NoTermDates(NOTHING_FOUND)
    return {
        "years": [_year_kept(terms_in(calendar.events, year)) for year in years],
        "cautions": list(safe_cautions(calendar.cautions)),
    }


def _year_kept(found: FoundTerms) -> dict[str, Any]:
    return {
        "starts_in": found.year.starts_in,
        "half_terms": [
            [half.name, half.start.isoformat(), half.end.isoformat()] for half in found.half_terms
        ],
        "inset_days": [day.isoformat() for day in found.inset_days],
        "cautions": list(safe_cautions(found.cautions)),
    }


def terms_back(kept: Mapping[str, Any]) -> list[FoundTerms]:
    """What was kept, year by year."""
    return [
        FoundTerms(
            AcademicYear(each["starts_in"]),
            tuple(
                HalfTerm(date.fromisoformat(start), date.fromisoformat(end), name)
                for name, start, end in each["half_terms"]
            ),
            tuple(date.fromisoformat(day) for day in each["inset_days"]),
            tuple(each["cautions"]),
        )
        for each in kept["years"]
    ]
