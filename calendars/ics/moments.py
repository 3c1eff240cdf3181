"""What calendars write as dates, times and lengths, read as days and moments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from calendars.ics.lines import Property
from calendars.ics.zones import zone_named
from calendars.london import LONDON

_WRITTEN = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})?(Z?))?", re.ASCII)
_LENGTH = re.compile(
    r"([+-]?)P(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?",
    re.ASCII,
)
# Neither before nor after these does anybody plan, and arithmetic with them stays safe.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


class Unreadable(ValueError):
    """A date, time or length that cannot be."""


@dataclass(frozen=True, slots=True)
class Written:
    """A day, or what a clock in a zone shows; `unknown` is a zone that nobody knows."""

    day: date
    clock: datetime | None = None
    zone: tzinfo = LONDON
    unknown: str = ""

    @property
    def moment(self) -> datetime:
        """The moment in UTC; of a day, its beginning in London.

        In the hour that the clocks skip it is read as by the clock before the change, and in
        the hour that comes twice as the first (RFC 5545, section 3.3.5).
        """
        clock = self.clock or datetime(self.day.year, self.day.month, self.day.day)  # noqa: DTZ001
        return clock.replace(tzinfo=self.zone, fold=0).astimezone(UTC)

    def on(self, day: date) -> Written:
        """The same time of another day."""
        if self.clock is None:
            return Written(day)
        return Written(day, datetime.combine(day, self.clock.time()), self.zone, self.unknown)


def read_written(given: Property, value: str | None = None) -> Written:
    """A DATE or DATE-TIME as it stands; raises Unreadable."""
    match = _WRITTEN.fullmatch((given.value if value is None else value).strip())
    if not match:
        raise Unreadable("not a date")
    year, month, day = (int(match[at]) for at in (1, 2, 3))
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Unreadable("not a year anybody plans in")
    try:
        if match[4] is None:
            return Written(date(year, month, day))
        # A leap second is the last second of its minute.
        seconds = min(int(match[6] or 0), 59)
        clock = datetime(year, month, day, int(match[4]), int(match[5]), seconds)  # noqa: DTZ001
    except ValueError as problem:
        raise Unreadable("no such day or time") from problem
    if match[7]:
        return Written(clock.date(), clock, UTC)
    name = given.parameters.get("TZID", "")
    zone = zone_named(name) if name else LONDON
    return Written(clock.date(), clock, zone or LONDON, "" if zone else name.strip()[:60])


def read_length(value: str) -> timedelta:
    """A DURATION; raises Unreadable for what is none, negative, or longer than can be.

    >>> read_length("P1DT2H"), read_length("P2W")
    (datetime.timedelta(days=1, seconds=7200), datetime.timedelta(days=14))
    """
    match = _LENGTH.fullmatch(value.strip())
    if not match or not any(match.groups()[1:]) or match[1] == "-":
        raise Unreadable("not a length of time")
    weeks, days, hours, minutes, seconds = (int(match[at] or 0) for at in range(2, 7))
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
