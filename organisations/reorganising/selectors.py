"""Reads about who took over from whom, what is announced, and reorganisations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from organisations.models import (
    AHEAD,
    AnnouncedChange,
    Organisation,
    Proposal,
    Reorganisation,
    ReorganisationRow,
    Succession,
)
from organisations.reorganising import registry
from organisations.reorganising.registry import Affected

MOST_SHOWN = 100
NONE: Mapping[str, Any] = {"number": 0, "staying": 0, "undecided": 0, "done": 0}
# A kind's name is a word of ours: the registry takes no other.
DESCRIBE = "SELECT id, words, more FROM tandem.describe_{}(%s)"
# To follow, and nobody has said to whom.
UNDECIDED = Q(proposal=Proposal.FOLLOW, successor=None, goes_along=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """Who took over from an organisation, and from whom it took over, the latest first."""

    after: list[Succession]
    before: list[Succession]


def chain_of(organisation: Organisation) -> Chain:
    """The neighbours of an organisation in time; two statements."""
    rows = Succession.objects.select_related("predecessor", "successor")
    return Chain(
        list(rows.filter(predecessor=organisation).order_by("-happened_on", "successor__name")),
        list(rows.filter(successor=organisation).order_by("-happened_on", "predecessor__name")),
    )


def succession_of(organisation: Organisation, pk: int) -> Succession | None:
    """One succession in which the organisation ended, recorded by hand."""
    return (
        Succession.objects.select_related("predecessor", "successor")
        .filter(predecessor=organisation, pk=pk, recorded_by__isnull=False)
        .first()
    )


def changes_ahead(organisation_ids: Iterable[int]) -> dict[int, AnnouncedChange]:
    """What is announced of organisations and still ahead, by organisation; one statement."""
    found = AnnouncedChange.objects.filter(organisation__in=set(organisation_ids), state__in=AHEAD)
    return {each.organisation_id: each for each in found}


def change_ahead(organisation: Organisation) -> AnnouncedChange | None:
    """What is announced of one organisation and still ahead."""
    return changes_ahead([organisation.pk]).get(organisation.pk)


def all_changes() -> list[AnnouncedChange]:
    """Every announced change, those ahead first."""
    rows = AnnouncedChange.objects.select_related("organisation")
    return sorted(rows, key=lambda each: (each.state not in AHEAD, each.expected_on))


def announced(ref: str) -> AnnouncedChange | None:
    """One announced change."""
    return AnnouncedChange.objects.select_related("organisation").filter(ref=ref).first()


@dataclass(frozen=True, slots=True)
class Counted:
    """How many records of a kind are affected, how many stay, are undecided, and are done."""

    kind: Affected
    number: int
    staying: int
    undecided: int
    done: int


def reorganisation_of(ref: str) -> Reorganisation | None:
    """One reorganisation with the organisation that ends."""
    rows = Reorganisation.objects.select_related("predecessor", "opened_by", "approved_by")
    return rows.filter(ref=ref).first()


def reorganisations() -> list[Reorganisation]:
    """Every reorganisation, the latest first."""
    return list(Reorganisation.objects.select_related("predecessor")[:MOST_SHOWN])


def reorganisations_of(organisation: Organisation) -> list[Reorganisation]:
    """Those of one organisation, the latest first."""
    return list(Reorganisation.objects.filter(predecessor=organisation)[:MOST_SHOWN])


def counted(reorganisation: Reorganisation) -> list[Counted]:
    """What is affected, by kind, in the order of the work; one statement."""
    found: dict[str, Mapping[str, Any]] = {
        row["kind"]: row
        for row in ReorganisationRow.objects.filter(reorganisation=reorganisation)
        .order_by()
        .values("kind")
        .annotate(
            number=Count("pk"),
            staying=Count("pk", filter=Q(proposal=Proposal.STAY)),
            undecided=Count("pk", filter=UNDECIDED),
            done=Count("pk", filter=Q(done_at__isnull=False)),
        )
    }
    return [
        Counted(
            kind,
            number=int(row["number"]),
            staying=int(row["staying"]),
            undecided=int(row["undecided"]),
            done=int(row["done"]),
        )
        for kind in registry.kinds()
        for row in [found.get(kind.name, NONE)]
    ]


def rows_of(
    reorganisation: Reorganisation, kind: Affected, *, undecided: bool = False
) -> QuerySet[ReorganisationRow]:
    """The rows of one kind, those that are undecided alone if asked."""
    rows = ReorganisationRow.objects.filter(reorganisation=reorganisation, kind=kind.name)
    if undecided:
        rows = rows.filter(UNDECIDED)
    return rows.select_related("successor").order_by("pk")


def described(kind: Affected, rows: Iterable[ReorganisationRow]) -> dict[int, tuple[str, str]]:
    """What the records of rows are called, by their id, and a word more; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            DESCRIBE.format(kind.name),
            [[each.object_id for each in rows]],
        )
        return {pk: (words, more) for pk, words, more in cursor.fetchall()}


def successors_of(organisation: Organisation) -> list[Organisation]:
    """Who is on record to take over, by name."""
    return list(Organisation.objects.filter(predecessions__predecessor=organisation))
