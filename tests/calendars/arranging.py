"""Term dates and own periods that tests begin with."""

from __future__ import annotations

from datetime import date
from typing import Any

from calendars.models import OwnPeriod, TermDates
from calendars.services import add_period, give_term_dates
from calendars.term_rows import TermRow
from calendars.years import AcademicYear
from organisations.actor import Actor
from organisations.models import Organisation
from tests.cast import Cast
from tests.record.arranging import acting_as

YEAR = AcademicYear(2026)
# Half a day's drive from the typical ones: every half term differs.
ROWS = [
    TermRow("Autumn 1", date(2026, 9, 3), date(2026, 10, 16)),
    TermRow("Autumn 2", date(2026, 11, 2), date(2026, 12, 17)),
    TermRow("Spring 1", date(2027, 1, 5), date(2027, 2, 12)),
    TermRow("Spring 2", date(2027, 2, 22), date(2027, 3, 24)),
    TermRow("Summer 1", date(2027, 4, 13), date(2027, 5, 28)),
    TermRow("Summer 2", date(2027, 6, 7), date(2027, 7, 20)),
]
MOCKS: dict[str, Any] = {
    "name": "Year 11 mock exams",
    "kind": "exam",
    "starts_on": date(2026, 12, 7),
    "ends_on": date(2026, 12, 16),
    "phase": "secondary",
    "severity": "high",
    "advice": "No visitors for year 11",
    "shared": True,
}


def school_of(cast: Cast, part: str = "school", place: int = 0) -> Organisation:
    """A school of the trust that plays a part."""
    return Organisation.objects.filter(school__trust=cast.organisation(part)).order_by("pk")[place]


def given(by: Actor, organisation: Organisation, **more: Any) -> TermDates:
    """Term dates of 2026/27, given by somebody."""
    with acting_as(by):
        return give_term_dates(
            by=by,
            organisation=organisation,
            **{"year": YEAR, "half_terms": ROWS, "based_on": 0, **more},
        )


def own_period(cast: Cast, part: str = "school_editor", **more: Any) -> OwnPeriod:
    """Mock exams of somebody's organisation."""
    by = cast.actors[part]
    with acting_as(by):
        return add_period(by=by, **{**MOCKS, **more})
