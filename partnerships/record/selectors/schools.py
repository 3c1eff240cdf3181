"""Which schools a partnership is about: those that its members bring."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Count,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from calendars.london import today
from organisations.models import Kind, Organisation, School
from partnerships.record.models import Member


@dataclass(frozen=True, slots=True)
class Brought:
    """A trust's place in a partnership, with the schools it brings by name, of how many."""

    member: Member
    schools: list[Organisation]
    of: int


def open_schools() -> QuerySet[School]:
    """Schools that have not closed."""
    return School.objects.filter(
        Q(organisation__closed_on=None) | Q(organisation__closed_on__gt=today())
    )


def schools_of(trust: Organisation) -> list[Organisation]:
    """The open schools of a trust by name; none for an organisation of another kind."""
    if trust.kind != Kind.SCHOOL_TRUST:
        return []
    return [
        each.organisation
        for each in open_schools()
        .filter(trust=trust)
        .select_related("organisation")
        .order_by("organisation__name", "pk")
    ]


def with_schools(members: QuerySet[Any]) -> QuerySet[Member]:
    """Members with `schools_in_all`, how many a trust has, and `schools_chosen`, how many of those
    chosen are its own still; without another statement."""
    own = open_schools().filter(trust=OuterRef("organisation_id"))
    those = ExpressionWrapper(OuterRef("schools"), output_field=ArrayField(BigIntegerField()))
    chosen = own.alias(those=those).filter(Q(those__contains=[F("pk")]))
    found: QuerySet[Member] = members.annotate(
        schools_in_all=_number(own), schools_chosen=_number(chosen)
    )
    return found


def schools_in(members: Collection[Member]) -> list[Brought]:
    """The trusts among the members with the schools they bring; one statement."""
    trusts = [each for each in members if each.organisation.kind == Kind.SCHOOL_TRUST]
    found: dict[int | None, list[Organisation]] = {}
    rows = open_schools().filter(trust__in=[each.organisation_id for each in trusts])
    for school in rows.select_related("organisation").order_by("organisation__name", "pk"):
        found.setdefault(school.trust_id, []).append(school.organisation)
    return [
        Brought(
            each,
            [
                school
                for school in found.get(each.organisation_id, [])
                if each.all_schools or school.pk in each.schools
            ],
            len(found.get(each.organisation_id, [])),
        )
        for each in trusts
    ]


def bringing_a_school_named(members: QuerySet[Member], word: str) -> QuerySet[Member]:
    """Those of the members that bring a school with this word in its name."""
    # In one filter, so that the school so named is the one that is brought.
    return members.filter(
        Q(all_schools=True) | Q(schools__contains=[F("organisation__schools__pk")]),
        organisation__schools__organisation__name__icontains=word,
    )


def _number(schools: QuerySet[School]) -> Coalesce:
    counted = schools.order_by().values("trust_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
