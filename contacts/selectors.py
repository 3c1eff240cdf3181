"""Reads of reference data: finding organisations, and everything an organisation's page shows.

Reference data is the same for everyone who is signed in; nothing here is a tenant's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from contacts import search
from contacts.models import Dataset, PlaceRegion, Region
from organisations.models import AnnouncedChange, Kind, Organisation, School, Succession
from organisations.reorganising.selectors import chain_of, change_ahead

DATASET = "England"


@dataclass(frozen=True, slots=True)
class Found:
    """A part of the organisations that answer a query, and how many there are in all."""

    organisations: list[Organisation] = field(default_factory=list)
    total: int = 0
    # Boards that have ended and answer the query, each with one who took over from it.
    successions: list[Succession] = field(default_factory=list)
    postcode: search.Postcode | None = None
    # Nothing has the words typed; these are only alike.
    only_similar: bool = False

    @property
    def exact(self) -> bool:
        """Whether something is exactly at the postcode (on the first page of the answers)."""
        return any(each.rank == search.AT_POSTCODE for each in self.organisations)  # type: ignore[attr-defined]


@transaction.atomic
def find_organisations(
    query: str, *, kind: str | None = None, limit: int = 20, offset: int = 0
) -> Found:
    """Organisations open today by name, code or postcode, the best answers first.

    A name may have typing errors, and a town after it. Without a query, all of a kind.
    At most five statements.
    """
    text = search.typed(query)
    kind = kind if kind in Kind.values else None
    today = timezone.localdate()
    if not text:
        if kind is None:
            return Found()
        return Found(*_ask(search.of_kind(kind=kind, today=today), limit, offset))
    postcode = search.as_postcode(text)
    if postcode is not None:
        question = search.around_postcode(postcode, kind=kind, today=today)
        return Found(*_ask(question, limit, offset), postcode=postcode)
    normal = _normal(text)
    question = search.by_name_or_code(text, normal, kind=kind, today=today)
    organisations, total = _ask(question, limit, offset)
    return Found(
        organisations,
        total,
        successions=_ended(text, normal),
        only_similar=bool(organisations) and organisations[0].rank == search.SIMILAR,  # type: ignore[attr-defined]
    )


def _normal(text: str) -> str:
    """The words as names are compared; also sets how alike a similar word must be."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tandem.search_text(%s),"
            " set_config('pg_trgm.word_similarity_threshold', %s, true)",
            [text, search.ALIKE],
        )
        normal: str = cursor.fetchone()[0]
    return normal


def _ask(question: search.Question, limit: int, offset: int) -> tuple[list[Organisation], int]:
    parameters = {**question.parameters, "limit": limit, "offset": offset}
    rows = list(Organisation.objects.raw(question.sql, parameters))
    return rows, rows[0].total if rows else 0  # type: ignore[attr-defined]


def _ended(text: str, normal: str) -> list[Succession]:
    """Who took over from boards that have ended and whose name or code was typed."""
    question = search.ended(text, normal, today=timezone.localdate())
    if question is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(question.sql, question.parameters)
        ids = [number for (number,) in cursor.fetchall()]
    if not ids:
        return []
    successions = Succession.objects.filter(pk__in=ids).select_related("predecessor", "successor")
    return list(successions.order_by("predecessor__name", "successor__name")[:6])


@dataclass(frozen=True, slots=True)
class Profile:
    """An organisation as its page shows it; what its kind does not have stays empty."""

    organisation: Organisation
    loaded: Dataset | None
    school: School | None = None
    # Boards that cover the place of a school or council, or places in a board's area.
    shares: list[PlaceRegion] = field(default_factory=list)
    region: Region | None = None
    nhs_trusts: list[Organisation] = field(default_factory=list)
    successors: list[Succession] = field(default_factory=list)
    predecessors: list[Succession] = field(default_factory=list)
    ahead: AnnouncedChange | None = None


def profile(slug: str) -> Profile | None:
    """Everything known of an organisation, in a fixed number of statements for its kind.

    A trust's schools are apart (`schools_of`), since there can be many.
    """
    organisation = Organisation.objects.select_related("icb").filter(slug=slug).first()
    if organisation is None:
        return None
    loaded = Dataset.objects.filter(name=DATASET).first()
    chain = chain_of(organisation)
    around: dict[str, Any] = {
        "successors": chain.after,
        "predecessors": chain.before,
        "ahead": change_ahead(organisation),
    }
    shares = PlaceRegion.objects.select_related("place__council", "region__icb").order_by(
        "-share", "place__name"
    )
    match organisation.kind:
        case Kind.SCHOOL:
            school = (
                School.objects.select_related("council", "trust")
                .filter(organisation=organisation)
                .first()
            )
            council_id = school.council_id if school else None
            boards = shares.filter(place__council_id=council_id)
            return Profile(organisation, loaded, school=school, shares=list(boards), **around)
        case Kind.COUNCIL:
            boards = shares.filter(place__council=organisation)
            return Profile(organisation, loaded, shares=list(boards), **around)
        case Kind.ICB:
            return Profile(
                organisation,
                loaded,
                shares=list(shares.filter(region__icb=organisation).order_by("place__name")),
                region=Region.objects.filter(icb=organisation).first(),
                nhs_trusts=list(
                    _open(organisation.organisations_in_footprint.filter(kind=Kind.NHS_TRUST))
                ),
                **around,
            )
        case _:
            region = Region.objects.filter(icb=organisation.icb_id).first()
            return Profile(organisation, loaded, region=region, **around)


def schools_of(trust: Organisation) -> QuerySet[Organisation]:
    """The open schools of a school trust, as far as it is known."""
    return _open(Organisation.objects.filter(school__trust=trust)).select_related("school")


def _open(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    today = timezone.localdate()
    still = Q(closed_on__isnull=True) | Q(closed_on__gt=today)
    return organisations.filter(still).order_by("name", "id")


def regions_of(organisation: Organisation) -> list[Region]:
    """The regions that an organisation lies in, by name; `tandem.organisation_regions` in SQL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tandem.organisation_regions(%s)", [organisation.pk])
        keys = [key for (key,) in cursor.fetchall()]
    return list(Region.objects.filter(pk__in=keys).select_related("icb").order_by("name"))
