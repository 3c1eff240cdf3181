"""Reads about imports of official files, for operators."""

from __future__ import annotations

from django.db.models import QuerySet

from contacts.models import OfficialChange, OfficialConflict, OfficialImport, Sort


def imports() -> QuerySet[OfficialImport]:
    """Every import, the last first."""
    return OfficialImport.objects.select_related("made_by")


def changes_of(made: OfficialImport, sort: str) -> QuerySet[OfficialChange]:
    """What an import changed, perhaps of one sort alone; by name."""
    found: QuerySet[OfficialChange] = made.changes.all()
    return found.filter(sorts__contains=[sort]) if sort in Sort.values else found


def to_review() -> QuerySet[OfficialConflict]:
    """What people said and a register says otherwise, undecided."""
    undecided = OfficialConflict.objects.filter(decided_at=None)
    return undecided.select_related("organisation", "official_import")
