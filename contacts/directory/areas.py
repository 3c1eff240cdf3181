"""What the directory has of an area: its gateways, who is recorded in which role, how fresh."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from contacts.directory.selectors import listed, open_gateways
from contacts.models import Gateway, Place, PlaceRegion, Posting, Region, RoleType

# Roles that one expects in an area of a kind; those of single organisations are left out.
LEVELS_OF_REGION = ("system",)
LEVELS_OF_PLACE = ("place", "neighbourhood")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are, and how many of them can be relied on."""

    total: int = 0
    good: int = 0


@dataclass(frozen=True, slots=True)
class Covered:
    """A role with how many people are recorded in it, and how many of these are in date."""

    role: RoleType
    people: Tally


@dataclass(frozen=True, slots=True)
class Part:
    """A place in a region: its share, its gateways (of these, described) and its people."""

    share: PlaceRegion
    gateways: Tally
    people: Tally


@dataclass(frozen=True, slots=True)
class Area:
    """What the page of a region or a place shows."""

    gateways: list[Gateway]
    roles: list[Covered]
    people: Tally

    @property
    def described(self) -> Tally:
        """How many gateways there are, and how many have details."""
        return Tally(len(self.gateways), sum(1 for g in self.gateways if g.described_at))

    @property
    def held(self) -> Tally:
        """How many roles one expects, and in how many somebody is recorded."""
        return Tally(len(self.roles), sum(1 for each in self.roles if each.people.total))


def in_date(prefix: str = "") -> Q:
    """What is true of a posting that was checked and is not due, disputed or bounced."""
    return Q(
        **{
            f"{prefix}check_due_on__gt": timezone.localdate(),
            f"{prefix}disputed_at": None,
            f"{prefix}bounced_at": None,
        }
    )


def of_region(region: Region) -> Area:
    """A region itself, without what lies in its places alone."""
    people = listed().filter(region=region)
    return _area(open_gateways().filter(region=region), people, LEVELS_OF_REGION)


def of_place(place: Place) -> Area:
    """A place: what is recorded there, and at its council."""
    people = listed().filter(Q(place=place) | Q(organisation=place.council_id))
    return _area(open_gateways().filter(place=place), people, LEVELS_OF_PLACE)


def _area(gateways: QuerySet[Gateway], people: QuerySet[Posting], levels: tuple[str, ...]) -> Area:
    counts = {
        each["role_type"]: Tally(each["total"], each["good"])
        for each in people.values("role_type").annotate(
            total=Count("pk"), good=Count("pk", filter=in_date())
        )
    }
    expected = RoleType.objects.filter(Q(level__in=levels) | Q(pk__in=[k for k in counts if k]))
    roles = [
        Covered(role, counts.get(role.pk, Tally()))
        for role in expected.exclude(sector="school").order_by("name")
    ]
    return Area(
        sorted(gateways, key=lambda g: (g.described_at is None, str(g))),
        roles,
        Tally(sum(t.total for t in counts.values()), sum(t.good for t in counts.values())),
    )


def parts_of(region: Region) -> list[Part]:
    """The places in a region by name, each with how much of it is known; three statements."""
    shares = list(
        PlaceRegion.objects.filter(region=region)
        .select_related("place__council")
        .order_by("place__name")
    )
    ids = [each.place_id for each in shares]
    councils = {each.place.council_id: each.place_id for each in shares}
    gateways = _tallies(
        open_gateways()
        .filter(place__in=ids)
        .prefetch_related(None)
        .values("place")
        .annotate(total=Count("pk"), good=Count("described_at")),
        "place",
    )
    at = Coalesce("place", "organisation__place")
    people = _tallies(
        listed()
        .filter(Q(place__in=ids) | Q(place=None, organisation__in=list(councils)))
        .annotate(at=at)
        .values("at")
        .annotate(total=Count("pk"), good=Count("pk", filter=in_date())),
        "at",
    )
    return [
        Part(each, gateways.get(each.place_id, Tally()), people.get(each.place_id, Tally()))
        for each in shares
    ]


def _tallies(rows: Iterable[Any], key: str) -> dict[int, Tally]:
    return {row[key]: Tally(row["total"], row["good"]) for row in rows}


def regions_of(place: Place) -> list[Region]:
    """The regions in which a place lies, the largest part first."""
    return list(place.regions.order_by("-placeregion__share"))


def own_regions(organisation_id: int) -> list[Region]:
    """The regions in which an organisation works."""
    return list(
        Region.objects.raw(
            "SELECT r.* FROM contacts_region r WHERE r.id IN "
            "(SELECT tandem.organisation_regions(%s)) ORDER BY r.name",
            [organisation_id],
        )
    )
