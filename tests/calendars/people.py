"""Organisations' calendars for tests, without a database."""

from __future__ import annotations

from datetime import date
from typing import Any

from calendars.constraints import OrganisationCalendar, constraints_for
from calendars.terms import typical_terms
from organisations.models import Kind, Sector

NAMES = {
    Kind.SCHOOL_TRUST: "The trust",
    Kind.SCHOOL: "The school",
    Kind.NHS_TRUST: "The hospital",
    Kind.ICB: "The board",
    Kind.COUNCIL: "The council",
    Kind.PROVIDER: "The provider",
}


def calendar(
    kind: Kind = Kind.SCHOOL_TRUST,
    *,
    phase: str = "all",
    first: date = date(2026, 9, 1),
    last: date = date(2028, 8, 31),
    **more: Any,
) -> OrganisationCalendar:
    """What an organisation of that kind has without having given anything itself."""
    constraints = more.pop("constraints", None)
    if constraints is None:
        constraints = constraints_for(kind=kind, phase=phase, first=first, last=last)
    return OrganisationCalendar(
        organisation_id=more.pop("organisation_id", list(NAMES).index(kind) + 1),
        name=more.pop("name", NAMES[kind]),
        sector=Kind(kind).sector,
        kind=kind,
        phase=phase,
        terms=more.pop("terms", typical_terms if kind.sector == Sector.SCHOOL else None),
        constraints=constraints,
        **more,
    )
