"""Whom to contact for a need in a place: the people and gateways recorded there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from contacts.directory.selectors import listed, open_gateways
from contacts.directory.where import Where
from contacts.models import Gateway, Need, Posting
from organisations.models import School

MOST_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class Door:
    """Whom to turn to: what it is in words, and who is recorded, the freshest first."""

    words: str
    people: list[Posting]
    gateways: list[Gateway]

    @property
    def nobody(self) -> bool:
        """Whether neither a person nor a described gateway is recorded."""
        return not self.people and not any(each.described_at for each in self.gateways)


@dataclass(frozen=True, slots=True)
class Answer:
    """The first door, the fallback, and the gateway where it is steered."""

    need: Need
    where: Where
    first: Door
    fallback: Door
    strategic: Door


def answer(need: Need, where: Where) -> Answer:
    """Whom to contact; five statements, however much is recorded."""
    regions = [each.pk for each in where.place.regions.all()]
    people = _near(where, regions).filter(
        role_type__key__in=[*need.first_roles, *need.fallback_roles]
    )
    found = sorted(people[:200], key=_staleness)
    here = Q(place=where.place) | Q(region__in=regions)
    keys = [*need.first_gateways, *need.strategic_gateways]
    gateways = list(open_gateways().filter(here, type__key__in=keys).order_by("type__name", "pk"))

    def door(words: str, roles: Sequence[str], types: Sequence[str]) -> Door:
        fits = [each for each in found if each.role_type and each.role_type.key in roles]
        return Door(words, fits[:MOST_PEOPLE], [g for g in gateways if g.type.key in types])

    return Answer(
        need,
        where,
        door(need.first_door, need.first_roles, need.first_gateways),
        door(need.fallback, need.fallback_roles, []),
        door(need.strategic, [], need.strategic_gateways),
    )


def _near(where: Where, regions: list[int]) -> QuerySet[Posting]:
    """Those for the place, at its council, for all of its region; at the school or its trust."""
    at = Q(place=where.place) | Q(organisation=where.place.council_id)
    at |= Q(place=None, region__in=regions) & ~Q(
        organisation__kind__in=["school", "school_trust", "council"]
    )
    if where.school:
        trust = School.objects.filter(organisation=where.school).values("trust")
        at |= Q(organisation=where.school) | Q(organisation__in=trust)
    else:
        led = School.objects.filter(council=where.place.council_id)
        at |= Q(place=None, organisation__in=led.values("organisation"))
        at |= Q(place=None, organisation__in=led.exclude(trust=None).values("trust"))
    return (
        listed()
        .filter(at)
        .select_related("person", "organisation", "role_type", "region", "place")
        .order_by(F("checked_at").desc(nulls_last=True), "pk")
    )


def _staleness(posting: Posting) -> tuple[bool, bool]:
    """Those in date first; what was refused or disputed last. Otherwise the latest check."""
    doubtful = posting.disputed_at is not None or posting.bounced_at is not None
    due = posting.check_due_on is None or posting.check_due_on <= timezone.localdate()
    return doubtful, due


def needs() -> list[Need]:
    """Every need, in order."""
    return list(Need.objects.all())
