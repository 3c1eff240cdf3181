"""What the files of England say, as rows ready for the database, before it gives them ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation, known by its kind and code."""

    kind: str
    code: str
    name: str
    other_code: str = ""
    town: str = ""
    area: str = ""
    postcode: str = ""
    website: str = ""
    opened_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """What is known of a school beyond its being an organisation."""

    urn: str
    council: str
    trust: str | None
    phase: str
    establishment_type: str
    age_low: int | None
    age_high: int | None
    pupils: int | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class RoleTypeRow:
    """A kind of job, and what to approach its holder for."""

    key: str
    name: str
    sector: str
    organisation_type: str
    level: str
    statutory: bool
    approach_for: str
    not_for: str
    check_every_days: int
    single_seat: bool


@dataclass(frozen=True, slots=True)
class GatewayTypeRow:
    """A kind of gateway, and what to ask for there."""

    key: str
    name: str
    level: str
    host: str
    statutory: bool
    source_in_framework: str
    durability: str
    check_every_days: int
    typical_meetings: str
    start_here_when: str
    ask_for: str
    notes: str


@dataclass(frozen=True, slots=True)
class NeedRow:
    """What somebody needs, and whom to contact for it."""

    key: str
    position: int
    name: str
    not_here: bool
    first_door: str
    first_roles: list[str]
    first_gateways: list[str]
    ask_for: str
    not_for: str
    fallback: str
    fallback_roles: list[str]
    strategic: str
    strategic_gateways: list[str]


@dataclass(slots=True)
class England:
    """Everything that is read, by codes; the order of the organisations is that of their ids."""

    organisations: list[OrganisationRow] = field(default_factory=list)
    successions: list[tuple[str, str, date, str]] = field(default_factory=list)
    announced: list[tuple[str, date, str, str, str]] = field(default_factory=list)
    boards_of_trusts: list[tuple[str, str | None, str]] = field(default_factory=list)
    regions: list[tuple[str, str, str]] = field(default_factory=list)
    places: list[tuple[str, str]] = field(default_factory=list)
    place_regions: list[tuple[str, str, float]] = field(default_factory=list)
    outward_codes: list[tuple[str, str, float]] = field(default_factory=list)
    schools: list[SchoolRow] = field(default_factory=list)
    role_types: list[RoleTypeRow] = field(default_factory=list)
    gateway_types: list[GatewayTypeRow] = field(default_factory=list)
    needs: list[NeedRow] = field(default_factory=list)

    def __len__(self) -> int:
        """How many rows there are in all."""
        return sum(len(getattr(self, name)) for name in self.__slots__)
