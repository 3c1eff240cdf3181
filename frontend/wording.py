"""Words for dates, times, numbers and links on pages: Jinja filters, also plain functions.

Every time of day is shown in Europe/London. Nothing here parses what people type; that is
`frontend.fields`.
"""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils import timezone

LONDON = ZoneInfo("Europe/London")
Moment = dt.datetime | dt.date


def london(moment: dt.datetime) -> dt.datetime:
    """The same instant on a London clock. Raises ValueError without a time zone."""
    if timezone.is_naive(moment):
        raise ValueError("A time shown to people needs a time zone")
    return moment.astimezone(LONDON)


def _day(moment: Moment) -> dt.date:
    return london(moment).date() if isinstance(moment, dt.datetime) else moment


def date_words(moment: Moment | None) -> str:
    """`21 July 2027`; an empty text for None."""
    if not moment:
        return ""
    day = _day(moment)
    return f"{day.day} {day:%B %Y}"


def short_date(moment: Moment | None) -> str:
    """`21 Jul 2027`, for narrow tables."""
    if not moment:
        return ""
    day = _day(moment)
    return f"{day.day} {day:%b %Y}"


def weekday_date(moment: Moment | None) -> str:
    """`Wednesday 21 July 2027`."""
    return f"{_day(moment):%A} {date_words(moment)}" if moment else ""


def time_words(moment: dt.datetime | dt.time | None) -> str:
    """`3:30pm`, `9am`, `midday`, `midnight`."""
    if moment is None:
        return ""
    clock = london(moment).time() if isinstance(moment, dt.datetime) else moment
    if clock.minute == 0 and clock.hour in (0, 12):
        return "midday" if clock.hour else "midnight"
    minutes = f":{clock.minute:02}" if clock.minute else ""
    return f"{clock.hour % 12 or 12}{minutes}{'pm' if clock.hour >= 12 else 'am'}"


def datetime_words(moment: dt.datetime | None) -> str:
    """`Wednesday 21 July 2027 at 3:30pm`."""
    return f"{weekday_date(moment)} at {time_words(moment)}" if moment else ""


def relative_days(moment: Moment | None, today: dt.date | None = None) -> str:
    """`today`, `yesterday`, `in 3 days`, `12 days ago`, `5 weeks ago`, `2 years ago`.

    Counts London days, so 23:50 yesterday is `yesterday` at 00:10. From two weeks on it
    counts in weeks, from three months in months, from two years in years.
    """
    if not moment:
        return ""
    days = (_day(moment) - (today or timezone.localdate(timezone=LONDON))).days
    if abs(days) <= 1:
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}[days]
    size = abs(days)
    for least, length, word in ((730, 365, "year"), (91, 30, "month"), (14, 7, "week")):
        if size >= least:
            words = counted(size // length, word)
            break
    else:
        words = counted(size, "day")
    return f"in {words}" if days > 0 else f"{words} ago"


def number_words(number: int) -> str:
    """`1,234`."""
    return f"{number:,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """The noun alone: `plural(2, "school")` is `schools`."""
    return one if number == 1 else (many or f"{one}s")


def counted(number: int, one: str, many: str | None = None) -> str:
    """Number and noun: `1 school`, `1,200 schools`, `No schools`."""
    if number == 0:
        return f"No {plural(0, one, many)}"
    return f"{number_words(number)} {plural(number, one, many)}"


def safe_url(address: str | None) -> str:
    """The address if a link may go there (http, https, mailto, tel, our own path), else `#`.

    For addresses that came from people or from imported data: `javascript:` never
    becomes a link.
    """
    # Browsers skip control characters and blanks inside a scheme; judge what they would see.
    text = "".join(c for c in str(address or "") if ord(c) > 32 and ord(c) != 127)
    try:
        parts = urlsplit(text)
    except ValueError:
        return "#"
    if parts.scheme in ("http", "https"):
        return text if parts.netloc else "#"
    if parts.scheme in ("mailto", "tel"):
        return text
    own = not parts.scheme and not parts.netloc and not text.startswith(("//", "/\\", "\\"))
    return text if own and text else "#"


FILTERS = {
    "date_words": date_words,
    "short_date": short_date,
    "weekday_date": weekday_date,
    "time_words": time_words,
    "datetime_words": datetime_words,
    "relative_days": relative_days,
    "number_words": number_words,
    "plural": plural,
    "counted": counted,
    "safe_url": safe_url,
}
