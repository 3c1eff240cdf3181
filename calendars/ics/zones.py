"""The time zones that calendars name, as zones that Tandem knows.

Outlook writes Windows' names ("GMT Standard Time"), others put a path before the usual name. What
a calendar itself says of a zone (VTIMEZONE) is not followed: its rules may be wrong, and endless.
"""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from calendars.london import LONDON

_LONDON_NAMES = re.compile(r"\b(london|united kingdom|british|gmt standard time|uk time)\b")
_FIXED = re.compile(r"(?:utc|gmt)?\s*([+-])(\d{1,2}):?(\d{2})?", re.ASCII)
_WINDOWS = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


@lru_cache(maxsize=1024)
def zone_named(name: str) -> tzinfo | None:
    """The zone of that name, or None when nobody knows it.

    >>> zone_named("GMT Standard Time"), zone_named("/example.org/2024/Europe/Paris")
    (zoneinfo.ZoneInfo(key='Europe/London'), zoneinfo.ZoneInfo(key='Europe/Paris'))
    >>> zone_named("Narnia/Cair Paravel") is None
    True
    """
    plain = name.strip().strip('"').casefold()[:200]
    if plain in ("utc", "z", "gmt", "etc/utc", "coordinated universal time"):
        return UTC
    if plain in _WINDOWS:
        return ZoneInfo(_WINDOWS[plain])
    parts = plain.strip("/").split("/")
    for at in range(max(0, len(parts) - 3), len(parts)):
        if found := _known().get("/".join(parts[at:])):
            return ZoneInfo(found)
    if _LONDON_NAMES.search(plain):
        return LONDON
    if fixed := _FIXED.fullmatch(plain):
        return _offset(fixed[1], int(fixed[2]), int(fixed[3] or 0))
    return None


def _offset(sign: str, hours: int, minutes: int) -> tzinfo | None:
    if hours > 14 or minutes > 59:
        return None
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if sign == "-" else ahead)
