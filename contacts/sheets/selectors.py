"""Reads about imports: the region's history, one of them, a page of its rows in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404

from contacts.models import ImportRow, ImportRun, Outcome, Place, Posting, Region, RoleType
from organisations.models import Organisation

MOST_RUNS = 50
FIRST = [
    Outcome.PROBLEM, Outcome.UNDECIDED, Outcome.CHANGED, Outcome.NEW, Outcome.LEFT_OUT,
    Outcome.UNCHANGED,
]  # fmt: skip


def runs_of(region: Region) -> list[ImportRun]:
    """The sheets brought in for a region, the newest first."""
    runs = ImportRun.objects.filter(region=region).select_related("asked_by")
    return list(runs[:MOST_RUNS])


def run_of(region: Region, ref: str) -> ImportRun:
    """One of them; raises Http404 for another region's."""
    runs = ImportRun.objects.select_related("region__icb", "asked_by")
    found = runs.filter(region=region, ref=ref).first()
    if found is None:
        raise Http404("no such import, or another region's")
    return found


def rows_of(run: ImportRun, outcome: str = "") -> QuerySet[ImportRow]:
    """Its rows, those with problems first; of one outcome, if given."""
    rows = ImportRow.objects.filter(run=run)
    if outcome in Outcome.values:
        rows = rows.filter(outcome=outcome)
    place = Case(
        *(When(outcome=each, then=Value(at)) for at, each in enumerate(FIRST)),
        default=Value(len(FIRST)),
        output_field=IntegerField(),
    )
    return rows.order_by(place, "number")


def first_rows(run: ImportRun, count: int = 3) -> list[ImportRow]:
    """The first rows, as examples of what stands in each column."""
    return list(ImportRow.objects.filter(run=run).order_by("number")[:count])


@dataclass(slots=True)
class Names:
    """What the ids in some rows are called."""

    organisation: dict[int, str] = field(default_factory=dict)
    role_type: dict[int, str] = field(default_factory=dict)
    place: dict[int, str] = field(default_factory=dict)
    contacts: dict[int, str] = field(default_factory=dict)


def names_in(rows: Iterable[ImportRow]) -> Names:
    """The names of everything that rows mention, in four queries."""
    ids: dict[str, set[int]] = {"organisation": set(), "role_type": set(), "place": set()}
    contacts: set[int] = set()
    for row in rows:
        for snapshot in (row.values, row.before or {}, row.after or {}):
            for name, found in ids.items():
                if isinstance(snapshot.get(name), int):
                    found.add(snapshot[name])
        contacts.update(row.candidates)
    return Names(
        dict(Organisation.objects.filter(pk__in=ids["organisation"]).values_list("pk", "name")),
        dict(RoleType.objects.filter(pk__in=ids["role_type"]).values_list("pk", "name")),
        dict(Place.objects.filter(pk__in=ids["place"]).values_list("pk", "name")),
        {
            pk: f"{name}, {title}, {organisation} ({email})"
            for pk, name, title, organisation, email in Posting.objects.filter(
                pk__in=contacts
            ).values_list("pk", "person__name", "job_title", "organisation__name", "details__email")
        },
    )
