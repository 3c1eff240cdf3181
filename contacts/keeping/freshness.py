"""How complete and how fresh a region's directory is, in all and in each of its places.

Worked out in a fixed number of statements, however many contacts there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Q

from contacts.keeping import states
from contacts.keeping.selectors import in_directory
from contacts.models import Gateway, Place, Region, RoleType
from contacts.regions.selectors import places_in
from organisations.models import Organisation

# Whom the law gives to each board, and to each council, by the name of the kind of organisation.
OF_THE_BOARD = "ICB"
OF_THE_COUNCIL = "Council"


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A role that the law asks for and that nobody in the directory holds."""

    role: RoleType
    organisation: Organisation


@dataclass(slots=True)
class Standing:
    """One area: its gateways and its contacts, in numbers. `place` None: the region as a whole.

    `share` is how much of the place lies in the region, by its postcodes.
    """

    place: Place | None = None
    share: float = 1
    gateways: int = 0
    described: int = 0
    contacts: int = 0
    in_time: int = 0
    vacancies: list[Vacancy] = field(default_factory=list)

    @property
    def share_in_time(self) -> int | None:
        """Per cent of the contacts that were checked in time, rounded down; None without any."""
        return self.in_time * 100 // self.contacts if self.contacts else None


@dataclass(frozen=True, slots=True)
class Needs:
    """How many contacts of a region are in each state."""

    never: int
    due: int
    disputed: int
    bounced: int
    offered: int
    current: int


def needs_of(region: Region) -> Needs:
    """Count them all in one statement."""
    conditions = {name: states.STATES[name].condition for name in Needs.__dataclass_fields__}
    counts = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    return Needs(**in_directory(region).aggregate(**counts))


def standings_of(region: Region) -> list[Standing]:
    """The region as a whole, and then each of its places by name; five statements.

    What belongs to no single place counts for the region: the board's own roles and gateways.
    """
    shares = places_in(region)
    places = [each.place for each in shares]
    standings: dict[int | None, Standing] = {None: Standing()}
    standings |= {each.place.pk: Standing(each.place, each.share) for each in shares}
    _count_gateways(region, places, standings)
    _count_contacts(region, standings)
    for area, found in _vacancies(region, places):
        standings[area].vacancies.append(found)
    return list(standings.values())


def total_of(standings: list[Standing]) -> Standing:
    """All of a region: the sum of its areas."""
    return Standing(
        gateways=sum(each.gateways for each in standings),
        described=sum(each.described for each in standings),
        contacts=sum(each.contacts for each in standings),
        in_time=sum(each.in_time for each in standings),
        vacancies=[vacancy for each in standings for vacancy in each.vacancies],
    )


def _count_gateways(
    region: Region, places: list[Place], standings: dict[int | None, Standing]
) -> None:
    rows = (
        Gateway.objects.filter(Q(region=region) | Q(place__in=places), ended_on=None)
        .order_by()
        .values("place_id")
        .annotate(number=Count("pk"), known=Count("described_at"))
    )
    for row in rows:
        standing = standings[row["place_id"]]
        standing.gateways, standing.described = row["number"], row["known"]


def _count_contacts(region: Region, standings: dict[int | None, Standing]) -> None:
    rows = (
        in_directory(region)
        .filter(states.IN_POST)
        .order_by()
        .values("place_id")
        .annotate(number=Count("pk"), fresh=Count("pk", filter=states.in_time()))
    )
    for row in rows:
        # Of a place that no longer lies in the region: it counts for the region.
        standing = standings.get(row["place_id"], standings[None])
        standing.contacts += row["number"]
        standing.in_time += row["fresh"]


def _vacancies(region: Region, places: list[Place]) -> list[tuple[int | None, Vacancy]]:
    roles = RoleType.objects.filter(
        statutory=True, organisation_type__in=(OF_THE_BOARD, OF_THE_COUNCIL)
    )
    by_kind = {
        kind: [role for role in roles if role.organisation_type == kind]
        for kind in (OF_THE_BOARD, OF_THE_COUNCIL)
    }
    held = set(
        in_directory(region)
        .filter(states.IN_POST, role_type__in=roles)
        .values_list("role_type_id", "organisation_id")
    )
    wanted: list[tuple[int | None, Vacancy]] = [
        (None, Vacancy(role, region.icb)) for role in by_kind[OF_THE_BOARD]
    ]
    wanted += [
        (place.pk, Vacancy(role, place.council))
        for place in places
        for role in by_kind[OF_THE_COUNCIL]
    ]
    return [
        (area, vacancy)
        for area, vacancy in wanted
        if (vacancy.role.pk, vacancy.organisation.pk) not in held
    ]
