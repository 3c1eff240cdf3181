"""The academic year that an address names, and the years offered beside it."""

from __future__ import annotations

from django.http import Http404

from calendars.london import today
from calendars.years import AcademicYear

EARLIEST, LATEST = AcademicYear(2000), AcademicYear(2099)


def in_address(year: AcademicYear) -> str:
    """As an address writes it.

    >>> in_address(AcademicYear(2026))
    '2026-27'
    """
    return year.label.replace("/", "-")


def named(text: str) -> AcademicYear:
    """The year of an address; raises Http404 for what names none that can be kept."""
    try:
        year = AcademicYear.parse(text)
    except ValueError as problem:
        raise Http404("no such academic year") from problem
    if not EARLIEST <= year <= LATEST:
        raise Http404("no calendar is kept for that year")
    return year


def named_or_this(text: str) -> AcademicYear:
    """The year of an address, or the one it is now where it names none."""
    return named(text) if text else AcademicYear.of(today())


def offered(shown: AcademicYear) -> list[AcademicYear]:
    """Last year, this one and the two after it, and the one that is shown."""
    this = AcademicYear.of(today())
    return sorted({this.previous, this, this.next, this.next.next, shown})
