"""Reads of the directory: searches, and what its pages show. A fixed number of statements each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, F, FloatField, Func, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from contacts import search
from contacts.models import (
    Gateway,
    GatewayMeeting,
    Listing,
    Place,
    Posting,
    Region,
    RoleType,
)

# The rank of those that only resemble what was typed (tandem.find_postings).
SIMILAR = 4
# How alike a word must be to one typed, from 0 to 1; gateways are few.
ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Choices:
    """What a search can be narrowed to."""

    regions: list[Region]
    places: list[Place]
    roles: list[RoleType]


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; empty means everything."""

    words: str = ""
    region: Region | None = None
    place: Place | None = None
    role: RoleType | None = None
    kinds: list[str] | None = None
    fresh: str = ""
    organisation_id: int | None = None

    @property
    def about_people(self) -> bool:
        """Whether something is asked for that only people have."""
        return bool(self.role or self.kinds or self.fresh or self.organisation_id)


@dataclass(frozen=True, slots=True)
class People:
    """A part of the postings that answer, and how many there are in all."""

    postings: list[Posting] = field(default_factory=list)
    total: int = 0
    only_similar: bool = False


@dataclass(frozen=True, slots=True)
class Gateways:
    """A part of the gateways that answer, and how many there are in all."""

    gateways: list[Gateway] = field(default_factory=list)
    total: int = 0


def choices() -> Choices:
    """Every region, place and role type by name; three statements."""
    return Choices(
        list(Region.objects.order_by("name")),
        list(Place.objects.select_related("council").order_by("name")),
        list(RoleType.objects.order_by("name")),
    )


def listed() -> QuerySet[Posting]:
    """The postings in the directory that have not ended."""
    still = Q(ended_on=None) | Q(ended_on__gte=timezone.localdate())
    return Posting.objects.filter(still, listing=Listing.LISTED).defer("search_text")


def find_people(filters: Filters, *, limit: int = 20, offset: int = 0) -> People:
    """People in the directory, the best answers first; two statements.

    The database finds their ids by words that may have typing errors; the rows are read
    under row security.
    """
    text = search.typed(filters.words)
    postcode = search.as_postcode(text)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM tandem.find_postings(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                "" if postcode else text,
                filters.region.pk if filters.region else None,
                filters.place.pk if filters.place else None,
                postcode.outward if postcode else None,
                filters.role.pk if filters.role else None,
                filters.kinds,
                filters.fresh,
                filters.organisation_id,
                limit,
                offset,
            ],
        )
        found = cursor.fetchall()
    rows = {
        posting.pk: posting
        for posting in listed()
        .filter(pk__in=[pk for pk, _, _ in found])
        .select_related("person", "organisation", "role_type", "region", "place")
    }
    return People(
        [rows[pk] for pk, _, _ in found if pk in rows],
        found[0][2] if found else 0,
        only_similar=bool(found) and found[0][1] == SIMILAR,
    )


def find_gateways(filters: Filters, *, limit: int = 20, offset: int = 0) -> Gateways:
    """Gateways by name, kind, host, place or postcode; at most five statements."""
    text = search.typed(filters.words)
    postcode = search.as_postcode(text)
    open_ones: QuerySet[Any] = open_gateways()
    if filters.region:
        open_ones = open_ones.filter(
            Q(region=filters.region)
            | Q(place__in=Place.objects.filter(regions=filters.region).values("pk"))
        )
    if filters.place:
        open_ones = open_ones.filter(place=filters.place)
    if postcode:
        here = Place.objects.filter(outward_codes__outward=postcode.outward)
        open_ones = open_ones.filter(
            Q(place__in=here.values("pk")) | Q(region__in=here.values("regions"))
        )
    if text and not postcode:
        open_ones = _named(open_ones, _normal(text))
    else:
        open_ones = open_ones.alias(unlike=Value(0.0))
    ordered = open_ones.order_by(
        "unlike",
        Case(When(described_at=None, then=1), default=0),
        "type__name",
        Coalesce("place__name", "region__name"),
        "pk",
    )
    return Gateways(list(ordered[offset : offset + limit]), ordered.count())


def _named(gateways: QuerySet[Any], normal: str) -> QuerySet[Any]:
    """Those all of whose words begin as typed; where there are none, those that are alike.

    With `unlike`, how far they are from what was typed.
    """
    words = normal.split()[: search.MOST_WORDS]
    begins = gateways
    for word in words:
        begins = begins.filter(search_text__contains=f" {word}")
    if not words or begins.exists():
        begun: QuerySet[Any] = (begins if words else gateways.none()).alias(unlike=Value(0.0))
        return begun
    each_alike = [
        Func(Value(word), F("search_text"), function="word_similarity", output_field=FloatField())
        for word in words
    ]
    for number, alike in enumerate(each_alike):
        gateways = gateways.alias(**{f"alike{number}": alike})
        gateways = gateways.filter(**{f"alike{number}__gte": ALIKE})
    total = sum(each_alike[1:], start=each_alike[0])
    similar: QuerySet[Any] = gateways.alias(unlike=Value(float(len(words))) - total)
    return similar


def _normal(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.search_text(%s)", [text])
        normal: str = cursor.fetchone()[0]
    return normal


def open_gateways() -> QuerySet[Gateway]:
    """The gateways that have not ended, each with the meetings to come (`coming`)."""
    today = timezone.localdate()
    coming = GatewayMeeting.objects.filter(meets_on__gte=today, cancelled_at=None)
    return (
        Gateway.objects.filter(Q(ended_on=None) | Q(ended_on__gte=today))
        .select_related("type", "region", "place__council", "host")
        .prefetch_related(Prefetch("meetings", coming.order_by("meets_on"), to_attr="coming"))
        .defer("search_text")
    )


def gateway_of(ref: str) -> Gateway | None:
    """One gateway; None when there is none, or it has ended."""
    return open_gateways().filter(ref=ref).first()


def next_meeting(gateway: Gateway) -> date | None:
    """When a gateway of `open_gateways` meets next, as far as that is recorded."""
    coming: list[GatewayMeeting] = gateway.coming  # type: ignore[attr-defined]
    return coming[0].meets_on if coming else None
