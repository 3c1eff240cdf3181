"""By whose terms a day of a partnership is named: those of its first school or school trust."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from calendars.selectors import term_sources_of
from calendars.terms import TermSource, typical_terms
from organisations.actor import Actor
from organisations.models import Sector
from partnerships.record.models import Member
from partnerships.record.recipients import TAKING_PART


class SchoolTerms:
    """The terms of several partnerships, by the reference of each; typical ones where none is."""

    def __init__(self, by_partnership: Mapping[str, TermSource]) -> None:
        self._by_partnership = by_partnership

    def of(self, partnership_ref: str) -> TermSource:
        """The terms of one of them."""
        return self._by_partnership.get(partnership_ref, typical_terms)


def school_terms(
    actor: Actor, partnership_refs: Collection[str], days: Collection[date]
) -> SchoolTerms:
    """The terms of partnerships for some days; two statements, however many of either."""
    if not partnership_refs or not days:
        return SchoolTerms({})
    first_school: dict[str, int] = {}
    members = Member.objects.filter(
        partnership__ref__in=partnership_refs, side=Sector.SCHOOL, state__in=TAKING_PART
    ).order_by("added_at", "pk")
    for ref, organisation_id in members.values_list("partnership__ref", "organisation_id"):
        first_school.setdefault(ref, organisation_id)
    sources = term_sources_of(actor, list(first_school.values()), min(days), max(days))
    return SchoolTerms({ref: sources[pk] for ref, pk in first_school.items() if pk in sources})
