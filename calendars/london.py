"""London wall-clock time to moments and back, and how dates and times are written.

Here: turning a day and a clock time into a moment (refusing the ones that do not exist or
happen twice), stepping back whole days on the clock for reminders, and the wording of
dates and times. Not here: which days are good days (`calendars.terms`).

Moments are kept in UTC: two moments that carry the same zone compare by their clock
faces in Python, which is wrong on the nights the clocks change.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from calendars.years import plain_day

LONDON = ZoneInfo("Europe/London")
_ONE_DAY = timedelta(days=1)


class WallClockError(ValueError):
    """A clock time that names no single moment; its text tells people what to do."""


class NonexistentTime(WallClockError):
    """The clocks go forward over this time."""


class AmbiguousTime(WallClockError):
    """The clocks go back and this time comes twice."""


def _readings(day: date, clock: time) -> tuple[datetime, datetime]:
    """The moment read with the rules before, and with the rules after, a clock change."""
    face = datetime.combine(day, clock, tzinfo=LONDON)
    return face.replace(fold=0).astimezone(UTC), face.replace(fold=1).astimezone(UTC)


def _exists(moment: datetime, day: date, clock: time) -> bool:
    return moment.astimezone(LONDON).replace(tzinfo=None) == datetime.combine(day, clock)


def at_wall_clock(day: date, clock: time) -> datetime:
    """The moment, in UTC, when London clocks show `clock` on `day`.

    >>> at_wall_clock(date(2027, 7, 21), time(15, 30)).isoformat()
    '2027-07-21T14:30:00+00:00'

    Raises NonexistentTime or AmbiguousTime on the nights the clocks change.
    """
    if clock.tzinfo is not None:
        raise TypeError("Give a clock time without a zone: it is read as London time.")
    clock = clock.replace(fold=0)
    before, after = _readings(plain_day(day), clock)
    if before == after:
        return before
    written = f"{time_in_words(clock)} on {day_in_words(day)}"
    advice = "Choose a time before 1am, or 2am or later."
    if _exists(before, day, clock):
        raise AmbiguousTime(
            f"{written} happens twice, because the clocks go back that night. {advice}"
        )
    raise NonexistentTime(
        f"{written} does not exist, because the clocks go forward that night. {advice}"
    )


def in_london(moment: datetime) -> datetime:
    """A moment as London clocks show it; raises TypeError for one without a zone."""
    if moment.tzinfo is None:
        raise TypeError("Give a moment with its time zone.")
    return moment.astimezone(LONDON)


def london_day(moment: datetime) -> date:
    """The day it is in London at that moment.

    >>> london_day(datetime(2027, 7, 20, 23, 30, tzinfo=UTC))
    datetime.date(2027, 7, 21)
    """
    return in_london(moment).date()


def today() -> date:
    """The day it is in London now."""
    return london_day(datetime.now(UTC))


def day_starts(day: date) -> datetime:
    """The moment, in UTC, when `day` begins in London (its clocks never change at midnight)."""
    return at_wall_clock(day, time(0, 0))


def wall_clock_before(moment: datetime, offset: timedelta) -> datetime:
    """The moment, in UTC, that lies `offset` before `moment` by London clocks.

    Whole days of the offset keep the time on the clock across clock changes: three days
    before Monday 10am is Friday 10am. What is left of it (hours, minutes) is time as it
    passes. A negative offset goes forward.

    When the clock time reached does not exist that night, the moment is the one an
    unchanged clock would show (1:30am becomes 2:30am summer time); when it comes twice,
    the first. Both are what calendar programs do (RFC 5545, section 3.3.5).

    >>> monday = at_wall_clock(date(2027, 3, 29), time(10, 0))
    >>> wall_clock_before(monday, timedelta(days=3)).isoformat()
    '2027-03-26T10:00:00+00:00'
    """
    shown = in_london(moment)
    whole_days = int(offset / _ONE_DAY)
    rest = offset - whole_days * _ONE_DAY
    if whole_days == 0:
        return moment.astimezone(UTC) - rest
    first, _ = _readings(shown.date() - whole_days * _ONE_DAY, shown.time())
    return first - rest


def day_in_words(day: date) -> str:
    """A day as people write it.

    >>> day_in_words(date(2027, 7, 21))
    '21 July 2027'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def weekday_in_words(day: date) -> str:
    """A day with its weekday.

    >>> weekday_in_words(date(2027, 7, 21))
    'Wednesday 21 July 2027'
    """
    return f"{WEEKDAYS[day.weekday()]} {day_in_words(day)}"


def weekday_named(day: date | int) -> str:
    """The name of a day's weekday, or of the one with that number (Monday is 0).

    >>> weekday_named(date(2027, 7, 21))
    'Wednesday'
    """
    return WEEKDAYS[day if isinstance(day, int) else day.weekday()]


def time_in_words(clock: time) -> str:
    """A clock time as the NHS and GOV.UK write it.

    >>> [time_in_words(time(*at)) for at in [(15, 30), (9, 0), (12, 0), (0, 0), (0, 5)]]
    ['3:30pm', '9am', 'midday', 'midnight', '12:05am']
    """
    if (clock.hour, clock.minute) == (12, 0):
        return "midday"
    if (clock.hour, clock.minute) == (0, 0):
        return "midnight"
    minutes = f":{clock.minute:02d}" if clock.minute else ""
    return f"{clock.hour % 12 or 12}{minutes}{'am' if clock.hour < 12 else 'pm'}"


def _shown_time(shown: datetime) -> str:
    """The time on a London clock, saying which one in the hour that comes twice."""
    first, second = _readings(shown.date(), shown.time())
    if first == second:
        return time_in_words(shown.time())
    which = "before" if shown.fold == 0 else "after"
    return f"{time_in_words(shown.time())} ({which} the clocks go back)"


def moment_in_words(moment: datetime) -> str:
    """A moment as London sees it.

    >>> moment_in_words(datetime(2027, 7, 21, 14, 30, tzinfo=UTC))
    'Wednesday 21 July 2027 at 3:30pm'
    """
    shown = in_london(moment)
    return f"{weekday_in_words(shown.date())} at {_shown_time(shown)}"


def span_in_words(start: datetime, end: datetime) -> str:
    """From one moment to another, naming the day once when it is the same.

    >>> span_in_words(datetime(2027, 7, 21, 14, 30, tzinfo=UTC),
    ...               datetime(2027, 7, 21, 15, 30, tzinfo=UTC))
    'Wednesday 21 July 2027, 3:30pm to 4:30pm'
    """
    first, last = in_london(start), in_london(end)
    if first.date() != last.date():
        return f"{moment_in_words(start)} to {moment_in_words(end)}"
    return f"{weekday_in_words(first.date())}, {_shown_time(first)} to {_shown_time(last)}"


# Written out, since the C library's names follow the machine's language.
WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
