"""What an organisation's export holds of its calendar: term dates, own periods, what it hid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from calendars.given_terms import spans_of
from calendars.models import HiddenPoint, OwnPeriod, TermDates
from calendars.years import AcademicYear
from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section

Rows = Iterable[tuple[Any, ...]]
TERMS = (
    "organisation",
    "code",
    "school_year",
    "what",
    "name",
    "first_day",
    "last_day",
    "standing",
    "given_by",
    "source",
    "changed_at",
    "changed_by",
)
PERIODS = (
    "ref",
    "name",
    "kind",
    "first_day",
    "last_day",
    "phase",
    "severity",
    "advice",
    "shared_with_partners",
    "instead_of",
    "created_at",
    "removed_at",
)
HIDDEN = ("pressure_point", "hidden_at", "shown_again_at")


def _terms(by: Actor) -> Rows:
    """Its own dates, and those that it gave its schools: a row for each half term and day."""
    rows = (
        TermDates.objects.filter(Q(organisation_id=by.key) | Q(changed_for_id=by.key))
        .select_related("organisation", "changed_by")
        .order_by("organisation_id", "starts_in")
    )
    for row in rows.iterator(chunk_size=CHUNK):
        whose = (row.organisation.name, row.organisation.code, AcademicYear(row.starts_in).label)
        given = (row.standing, row.given_by, row.source, row.changed_at, row.changed_by)
        for half in spans_of(row):
            yield (*whose, "half term", half.name, half.start, half.end, *given)
        for day in row.inset_days:
            yield (*whose, "staff training day", "", day, day, *given)


def _periods(by: Actor) -> Rows:
    rows = OwnPeriod.objects.filter(organisation_id=by.key).order_by("pk")
    return (
        (
            e.ref,
            e.name,
            e.kind,
            e.starts_on,
            e.ends_on,
            e.phase,
            e.severity,
            e.advice,
            e.shared,
            e.replaces,
            e.created_at,
            e.removed_at,
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


def _hidden(by: Actor) -> Rows:
    rows = HiddenPoint.objects.filter(organisation_id=by.key).order_by("pk")
    return ((e.key, e.hidden_at, e.shown_again_at) for e in rows.iterator(chunk_size=CHUNK))


def register() -> None:
    """Make these part of every export."""
    for section in (
        Section(
            "term_dates",
            TERMS,
            _terms,
            "Term dates and staff training days, its own and those it gave its schools.",
            order=70,
        ),
        Section(
            "own_pressure_points",
            PERIODS,
            _periods,
            "Busy times that the organisation added, and national ones that it changed.",
            order=71,
        ),
        Section(
            "hidden_pressure_points",
            HIDDEN,
            _hidden,
            "National pressure points that the organisation has hidden.",
            order=72,
        ),
    ):
        add_section(section)
