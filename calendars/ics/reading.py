"""From the bytes of somebody else's calendar to events as London days and moments.

Here: what counts as an event, how long it lasts, repeating ones with their exceptions, and what
could not be read, in words. `read` either returns or raises CalendarError, and never takes long:
the limits are in `calendars.ics.limits`. Not here: what an event means (`terms_from_events`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from calendars.ics.entries import WANTED, Entry, Left, plain_name, read_entry
from calendars.ics.limits import MOST_DAYS_LOOKED_AT, MOST_RECURRENCES
from calendars.ics.lines import CalendarError, Component, Property, components
from calendars.ics.moments import Unreadable, Written, read_written
from calendars.ics.recurring import NotRead, Purse, Rule, TooOften, days_of
from calendars.london import day_starts, in_london, london_day

__all__ = ["Calendar", "CalendarError", "Event", "read"]

_ONE_DAY = timedelta(days=1)
Window = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Event:
    """One entry, or one date of a repeating one. `last` is included."""

    uid: str
    name: str
    first: date
    last: date
    # None for an entry of whole days.
    starts: datetime | None = None
    ends: datetime | None = None
    free: bool = False  # shown as free, so nobody is busy
    private: bool = False
    repeats: bool = False

    @property
    def whole_days(self) -> bool:
        """Whether it takes whole London days, written as days or from midnight to midnight."""
        if self.starts is None or self.ends is None:
            return True
        return (
            self.ends > self.starts
            and self.starts == day_starts(self.first)
            and self.ends == day_starts(self.last + _ONE_DAY)
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """What was read: its name, its events in order, and what a person should know of it."""

    name: str
    events: tuple[Event, ...]
    cautions: tuple[str, ...]


def read(content: bytes, first: date, last: date) -> Calendar:
    """The events with a day between `first` and `last`, both included.

    Raises CalendarError, saying what to do, for what is no calendar or too much of one.
    """
    root, left = components(content, WANTED), Left()
    calendars = [each for each in root.inside if each.name == "VCALENDAR"]
    name = next((shown for each in calendars if (shown := _calendar_name(each))), "")
    alive = (each for each in calendars if each.text("METHOD").strip().upper() != "CANCEL")
    entries = [
        entry
        for calendar in alive
        for source in calendar.walk("VEVENT")
        if (entry := read_entry(source, left))
    ]
    events = _in_window(_events(entries, (first, last), left), first, last)
    unique = {(event.uid, event.first, event.starts): event for event in events}
    in_order = sorted(unique.values(), key=lambda event: (event.first, event.last, event.name))
    return Calendar(name, tuple(in_order), left.in_words())


def _calendar_name(calendar: Component) -> str:
    return plain_name(calendar.text("X-WR-CALNAME") or calendar.text("NAME"))


def _events(entries: Iterable[Entry], window: Window, left: Left) -> Iterator[Event | None]:
    """Every date of every entry that was not called off."""
    masters, instead = _grouped(entries)
    repeating = []
    for uid, entry in masters.items():
        if entry.cancelled:
            instead.pop(uid, None)
        elif any(entry.source.first(name) for name in ("RRULE", "RDATE")):
            repeating.append(entry)
        else:
            yield _event(entry, entry.starts)
    yield from _repeated(repeating, instead, window, left)
    for moved in instead.values():
        yield from (_event(each, each.starts, repeats=True) for each in moved if not each.cancelled)


def _grouped(entries: Iterable[Entry]) -> tuple[dict[str, Entry], dict[str, list[Entry]]]:
    """The newest version of each entry, and the dates of repeating ones that were changed."""
    masters: dict[str, Entry] = {}
    instead: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.instead_of is not None:
            instead[entry.uid].append(entry)
        elif entry.uid not in masters or masters[entry.uid].sequence <= entry.sequence:
            masters[entry.uid] = entry
    return masters, instead


def _repeated(
    entries: Iterable[Entry], instead: Mapping[str, list[Entry]], window: Window, left: Left
) -> Iterator[Event | None]:
    """The dates of repeating entries; when they are too many, of those that repeat least."""
    purse, found = Purse(MOST_DAYS_LOOKED_AT), []
    for entry in entries:
        try:
            dates = _dates(entry, instead.get(entry.uid, []), window, purse, left)
        except TooOften:
            left.too_often.append(entry.name)
        else:
            found.append((entry, dates))
    room = MOST_RECURRENCES
    for entry, dates in sorted(found, key=lambda pair: len(pair[1])):
        room -= len(dates)
        if room < 0:
            left.too_often.append(entry.name)
        else:
            yield from (_event(entry, each, repeats=True) for each in dates)


def _dates(
    entry: Entry, instead: list[Entry], window: Window, purse: Purse, left: Left
) -> list[Written]:
    """When a repeating entry happens, without what was taken out or moved; raises TooOften."""
    # A day more on each side: the window is in London, the entry perhaps elsewhere.
    begin, end = _earlier(window[0], entry.length), window[1] + 2 * _ONE_DAY
    found = {entry.starts.day: entry.starts}
    for given in entry.source.properties.get("RRULE", [])[:1]:
        try:
            found |= _by_rule(entry, given, begin, end, purse)
        except (NotRead, Unreadable):
            left.first_only.append(entry.name)
    dates = [*found.values(), *_listed_dates(entry, "RDATE", purse)]
    without = _listed_dates(entry, "EXDATE", purse)
    without += [each.instead_of for each in instead if each.instead_of]
    moments = {each.moment for each in without if each.clock is not None}
    days = {each.day for each in without if each.clock is None or entry.starts.clock is None}
    kept = {
        each.moment: each for each in dates if each.moment not in moments and each.day not in days
    }
    return [each for each in kept.values() if begin <= each.day <= end]


def _earlier(day: date, length: timedelta) -> date:
    try:
        return day - length - 2 * _ONE_DAY
    except OverflowError:
        return date.min


def _by_rule(
    entry: Entry, given: Property, begin: date, end: date, purse: Purse
) -> dict[date, Written]:
    rule = Rule.read(given.value)
    until = read_written(Property({}, rule.until)) if rule.until else None
    last_day = None
    if until is not None:
        last_day = until.moment.astimezone(entry.starts.zone).date() if until.clock else until.day
    days = days_of(rule, entry.starts.day, begin, end, purse, last_day)
    dates = {day: entry.starts.on(day) for day in days}
    if until is None or until.clock is None or entry.starts.clock is None:
        return dates
    return {day: each for day, each in dates.items() if each.moment <= until.moment}


def _listed_dates(entry: Entry, name: str, purse: Purse) -> list[Written]:
    """The dates of EXDATE or RDATE, of which one line may hold many; broken ones are nothing."""
    found = []
    for given in entry.source.properties.get(name, []):
        for value in given.value.split(","):
            purse.spend(1)
            try:
                found.append(read_written(given, value.partition("/")[0]))
            except Unreadable:
                continue
    return found


def _event(entry: Entry, at: Written, *, repeats: bool = False) -> Event | None:
    """An entry on one of its dates; None where arithmetic with its dates ends."""
    source = entry.source
    starts = ends = None
    try:
        if at.clock is None:
            first, final = at.day, at.day + entry.length - _ONE_DAY
            if entry.starts.clock is not None:
                final = max(first, final)
        else:
            starts, ends = at.moment, at.moment + entry.length
            first = london_day(starts)
            # What ends at midnight does not touch the day that begins.
            final = max(first, london_day(ends - timedelta(microseconds=1)))
            in_london(ends)
    except OverflowError:
        return None
    return Event(
        entry.uid,
        entry.name,
        first,
        final,
        starts,
        ends,
        free=source.text("TRANSP").strip().upper() == "TRANSPARENT",
        private=source.text("CLASS").strip().upper() in ("PRIVATE", "CONFIDENTIAL"),
        repeats=repeats,
    )


def _in_window(events: Iterable[Event | None], first: date, last: date) -> Iterator[Event]:
    for event in events:
        if event is not None and event.first <= last and event.last >= first:
            yield event
