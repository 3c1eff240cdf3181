"""What an organisation's export holds of actions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section
from partnerships.actions.models import Action

COLUMNS = (
    "ref",
    "partnership",
    "title",
    "details",
    "owned_by",
    "owner",
    "due_on",
    "state",
    "closed_at",
    "closed_for",
    "closing_note",
    "added_for",
    "created_at",
    "arose_from",
)


def _actions(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = (
        Action.objects.filter(acl__overlap=[by.organisation_id])
        .select_related("partnership", "author_organisation", "owner_organisation")
        .select_related("owner_posting__person", "owner_user", "closed_organisation")
        .order_by("pk")
    )
    return (
        (
            e.ref,
            e.partnership.ref,
            e.title,
            e.details,
            e.owner_organisation.name,
            e.owner_user or (e.owner_posting.person.name if e.owner_posting else ""),
            e.due_on,
            e.state,
            e.closed_at,
            e.closed_organisation.name if e.closed_organisation else "",
            e.closing_note,
            e.author_organisation.name,
            e.created_at,
            e.origin,
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    about = "Actions of partnerships: who is to do what by when, and what became of it."
    add_section(Section("actions", COLUMNS, _actions, about, order=62))
