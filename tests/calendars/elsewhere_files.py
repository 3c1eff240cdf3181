"""Calendars that tests bring in or have read: what is in them lies ahead of whatever today is."""

from __future__ import annotations

from datetime import date, timedelta

from calendars.london import today
from tests.calendars.ics.written import calendar, whole_day


def day(ahead: int) -> date:
    return today() + timedelta(days=ahead)


def busy_entry(name: str, ahead: int, days: int = 1, uid: str = "", more: str = "") -> str:
    """An entry of whole days, some days from now."""
    first, after = day(ahead), day(ahead + days)
    return whole_day(name, f"{first:%Y%m%d}", f"{after:%Y%m%d}", uid or name) + more


def busy_calendar(*entries: str) -> bytes:
    return calendar(
        *(entries or (busy_entry("Closed", 10, 3), busy_entry("Inspection", 20))),
        head="X-WR-CALNAME:Executive team\n",
    )


def terms_calendar(*more: str, autumn_ends: str = "1218") -> bytes:
    """Next school year's terms and their half term holidays."""
    year = day(365).year if day(365).month >= 9 else day(365).year - 1
    rows = [
        ("Autumn term", f"{year}0902", f"{year}{autumn_ends}"),
        ("Spring term", f"{year + 1}0104", f"{year + 1}0325"),
        ("Summer term", f"{year + 1}0412", f"{year + 1}0721"),
        ("Half term", f"{year}1024", f"{year}1101"),
        ("Half term", f"{year + 1}0213", f"{year + 1}0221"),
        ("Half term", f"{year + 1}0529", f"{year + 1}0606"),
        ("INSET day", f"{year + 1}0104", f"{year + 1}0104"),
    ]
    entries = [
        whole_day(name, first, f"{date.fromisoformat(last) + timedelta(days=1):%Y%m%d}")
        for name, first, last in rows
    ]
    return calendar(*entries, *more)
