"""What both sides' calendars hold for the days shown: pressure points, own and quiet periods.

Here: reading the calendars that a planner is about, and turning what they hold into items. Not
here: what is planned in them (`planned`), and the clashes of that (`clashing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from calendars.constraints import Constraint, OrganisationCalendar
from calendars.given_terms import OWN_DATES
from calendars.pressure_points import PressurePoint, national_points
from calendars.selectors import calendars_of
from calendars.terms import TYPICAL_NOTE, TermSource, typical_terms
from calendars.years import AcademicYear
from organisations.models import Sector
from overview.planner.items import Item
from overview.planner.sources import Asked
from overview.planner.windows import View, Window
from partnerships.diary.selectors import diary_of
from partnerships.record.models import Partnership

POINTS, OPPORTUNITIES, OWN = "points", "opportunities", "own"
SCHOOLS, HEALTH, EVERYONE = "points-school", "points-health", "points-both"
# Shown one below the other, as long as these fit a page.
MOST_TERM_ROWS = 3

_ROWS = {"school": SCHOOLS, "nhs": HEALTH, "local_authority": HEALTH, "both": EVERYONE}
_WHOM = {"school": "schools", "nhs": "the NHS", "local_authority": "councils", "both": "everyone"}
_COLOURS = {"high": "red", "medium": "orange", "low": "grey", "opportunity": "green"}


@dataclass(frozen=True)
class Terms:
    """Term dates of one or more organisations that keep the same."""

    source: TermSource
    names: list[str]
    note: str


@dataclass(frozen=True)
class Sides:
    """The calendars of a planner, and what they hold as items."""

    calendars: list[OrganisationCalendar]
    # Those and the calendars of whoever else takes part in what the page shows.
    known: Mapping[int, OrganisationCalendar]
    items: list[Item]
    terms: list[Terms]

    def of(self, organisation_ids: Sequence[int] | None) -> list[OrganisationCalendar]:
        """The calendars of some organisations; without saying which, the planner's own."""
        if organisation_ids is None:
            return self.calendars
        return [self.known[each] for each in organisation_ids if each in self.known]

    @property
    def school_terms(self) -> TermSource:
        """The terms by which the planner counts weeks."""
        return self.terms[0].source


def sides_of(
    asked: Asked,
    partnership: Partnership | None,
    school_id: int | None,
    members: Mapping[int, Sequence[int]],
) -> Sides:
    """The calendars for these days; a fixed number of statements.

    Those of a partnership's members, or a school's, or else the acting organisation's, beside
    what holds nationally for the other side. `members` are those of the partnerships whose days
    are looked at; their calendars are read along.
    """
    window = asked.window
    if partnership is not None:
        diary = diary_of(asked.actor, partnership, window.first, window.last)
        calendars = list(diary.calendars)
        found = {each.organisation_id: each for each in calendars}
    else:
        whose = school_id or asked.actor.organisation_id
        assert whose is not None
        ids = {whose}.union(*members.values())
        found = calendars_of(asked.actor, sorted(ids), window.first, window.last)
        calendars = [found[whose]]
    return Sides(calendars, found, _items(window, calendars), _terms(window, calendars))


def _terms(window: Window, calendars: Sequence[OrganisationCalendar]) -> list[Terms]:
    """The different term dates of the calendars; typical ones where nobody keeps terms."""
    found: dict[object, Terms] = {}
    years = AcademicYear.between(window.first, window.last)
    for each in calendars:
        if each.terms is None:
            continue
        same = tuple(each.terms(year) for year in years)
        if same in found:
            found[same].names.append(each.name)
        else:
            found[same] = Terms(each.terms, [each.name], _whose(each))
    return list(found.values())[:MOST_TERM_ROWS] or [Terms(typical_terms, [], TYPICAL_NOTE)]


def _whose(calendar: OrganisationCalendar) -> str:
    """Where its terms come from; its own by its name, for readers of another organisation."""
    note = calendar.terms_from
    for own in (OWN_DATES, OWN_DATES.lower()):
        note = note.replace(own, f"{own} of {calendar.name}")
    return note


@lru_cache(maxsize=64)
def _national(first: date, last: date) -> dict[str, PressurePoint]:
    found = national_points(first, last)
    return {point.key: point for point in found if point.severity != "info"}


def _items(window: Window, calendars: Sequence[OrganisationCalendar]) -> list[Item]:
    national = _national(window.first, window.last)
    sectors = {each.sector for each in calendars}
    in_year = window.view is View.YEAR
    found: dict[object, Item] = {}
    for calendar in calendars:
        for each in calendar.constraints:
            point = national.get(each.key)
            if each.key and point is not None and _unchanged(each, point):
                found.setdefault(each.key, _of_point(point, in_year=in_year))
            else:
                own = (calendar.organisation_id, each.name, each.start)
                found.setdefault(own, _own(calendar, each, many=len(calendars) > 1))
    if len(sectors) == 1:
        other = ("nhs", "local_authority") if Sector.SCHOOL in sectors else ("school",)
        for key, point in national.items():
            if point.sector in other:
                found.setdefault(key, _of_point(point, in_year=in_year))
    return list(found.values())


def _unchanged(constraint: Constraint, point: PressurePoint) -> bool:
    """Whether a constraint is the national point itself, not what somebody made of it."""
    return constraint.standing is not None and constraint.start == point.start


@lru_cache(maxsize=1024)
def _of_point(point: PressurePoint, *, in_year: bool) -> Item:
    for_whom = _WHOM[point.sector]
    if point.phase != "all":
        for_whom = f"{point.phase} schools"
    opportunity = point.severity == "opportunity"
    # A year has room for what weighs; the rest is in the agenda and in closer views.
    shown = point.severity in ("high", "medium") or not in_year
    return Item(
        kind=OPPORTUNITIES if opportunity else POINTS,
        name=point.name,
        first=point.start,
        last=point.end,
        what="Awareness date" if opportunity else f"Pressure point for {for_whom}",
        row=_ROWS[point.sector] if shown else "",
        detail=point.advice,
        severity=point.severity,
        standing=point.standing,
        status="Opportunity" if opportunity else f"{point.severity.capitalize()} pressure",
        colour=_COLOURS.get(point.severity, "grey"),
        rank=4,
    )


def _own(calendar: OrganisationCalendar, each: Constraint, *, many: bool) -> Item:
    """An organisation's own period, or a national point as it has edited it."""
    for_whom = "" if each.phase == "all" else f" for {each.phase} schools"
    label = f"{each.name}, {calendar.name}" if many else each.name
    return Item(
        kind=OWN,
        name=each.name,
        first=each.start,
        last=each.end,
        what=f"Own period of {calendar.name}{for_whom}",
        row=OWN,
        short=label,
        detail=each.advice,
        severity=each.severity,
        status=f"{each.severity.capitalize()} pressure",
        colour=_COLOURS.get(each.severity, "grey"),
        rank=3,
    )


def inset_days(calendars: Iterable[OrganisationCalendar]) -> frozenset[date]:
    """The staff training days of all of them."""
    return frozenset(day for each in calendars for day in each.inset_days)
