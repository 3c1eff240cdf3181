"""Reads about imports of official files, for operators."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import QuerySet

from contacts.models import (
    OfficialAddress,
    OfficialChange,
    OfficialConflict,
    OfficialImport,
    Sort,
)
from organisations.models import Kind, Organisation


def imports() -> QuerySet[OfficialImport]:
    """Every import, the last first."""
    return OfficialImport.objects.select_related("made_by", "applied_by", "undone_by")


def changes_of(made: OfficialImport, sort: str) -> QuerySet[OfficialChange]:
    """What an import changed or would change, perhaps of one sort alone; by name."""
    found: QuerySet[OfficialChange] = made.changes.all()
    return found.filter(sorts__contains=[sort]) if sort in Sort.values else found


def to_review() -> QuerySet[OfficialConflict]:
    """What people said and a register says otherwise, undecided."""
    undecided = OfficialConflict.objects.filter(decided_at=None)
    return undecided.select_related("organisation", "official_import").order_by(
        "organisation__name", "pk"
    )


def names_of_trusts(codes: Collection[str]) -> Mapping[str, str]:
    """The names of school trusts, by code."""
    found = Organisation.objects.filter(kind=Kind.SCHOOL_TRUST, code__in=codes)
    return dict(found.values_list("code", "name"))


def names_by_id(made: OfficialImport, ids: Collection[int]) -> Mapping[int, str]:
    """The names of organisations, those included that the import would open."""
    named = dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name"))
    opened = made.changes.filter(before=None, successor="", after__id__in=ids)
    return {**dict(opened.values_list("after__id", "name")), **named}


def addresses() -> Mapping[str, OfficialAddress]:
    """Where files are fetched from, and what came the last time, by address."""
    return {each.url: each for each in OfficialAddress.objects.all()}
