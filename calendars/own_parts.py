"""What this room itself shows on the page of a calendar."""

from __future__ import annotations

from calendars import asked_year, points, presenters, subjects
from calendars.models import Severity, TermDates
from calendars.pages import Part, Section, register
from calendars.years import AcademicYear
from organisations import permissions
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.models import Kind
from organisations.permissions import Permission


def _terms(actor: Actor, year: AcademicYear) -> Section | None:
    if not subjects.keeps_terms(actor):
        return None
    subject = subjects.subject_of(actor, None)
    given = subjects.year_of(actor, subject, year)
    facts = presenters.terms_facts(actor, subject, year, given)
    return Section("Term dates", "calendars/terms_section.jinja", facts)


def _schools(actor: Actor, year: AcademicYear) -> Section | None:
    """How many schools keep dates of their own; two statements."""
    if not subjects.has_schools(actor):
        return None
    schools = subjects.schools_of(actor)
    own = TermDates.objects.filter(
        organisation__in=schools.values("organisation_id"), starts_in=year.starts_in
    ).exclude(spans=[])
    facts = {
        "total": schools.count(),
        "own": own.count(),
        "page": f"{page_of(actor, 'calendar-schools')}?year={asked_year.in_address(year)}",
    }
    return Section("Our schools", "calendars/schools_section.jinja", facts)


def _points(actor: Actor, year: AcademicYear) -> Section:
    shown, hidden, added = points.points_between(actor, year.start, year.end)
    heavy = [each for each in shown if each.severity in (Severity.HIGH, Severity.MEDIUM)]
    light = [each for each in shown if each not in heavy]
    may_change = _may_change(actor)
    facts = {
        "heavy": presenters.points_table(actor, heavy) if heavy else None,
        "light": presenters.points_table(actor, light) if light else None,
        "light_count": len(light),
        "hidden": presenters.points_table(actor, hidden) if hidden else None,
        "hidden_count": len(hidden),
        "own": presenters.own_table(actor, added, may_change=may_change) if added else None,
        "may_change": may_change,
        "add": page_of(actor, "add-period"),
        "school_side": actor.organisation is not None
        and actor.organisation.kind in (Kind.SCHOOL, Kind.SCHOOL_TRUST),
    }
    return Section("Pressure points", "calendars/points_section.jinja", facts)


def _may_change(actor: Actor) -> bool:
    return permissions.can(actor, Permission.CHANGE_CALENDAR)


def register_own() -> None:
    """Show them; for `AppConfig.ready`."""
    register(Part("terms", _terms, order=10))
    register(Part("schools", _schools, order=20))
    register(Part("points", _points, order=50))
