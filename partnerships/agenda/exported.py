"""What an organisation's export holds of items for gateways."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section
from partnerships.agenda.models import AgendaItem

COLUMNS = (
    "ref",
    "partnership",
    "gateway",
    "title",
    "ask",
    "meets_on",
    "paper_due_on",
    "state",
    "sent_on",
    "heard_on",
    "decided_on",
    "decision",
    "withdrawn_on",
    "withdrawn_why",
    "planned_for",
)


def _items(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = (
        AgendaItem.objects.filter(acl__overlap=[by.organisation_id])
        .select_related("partnership", "author_organisation", "meeting")
        .select_related("gateway__type", "gateway__place", "gateway__region")
        .order_by("pk")
    )
    return (
        (
            e.ref,
            e.partnership.ref,
            str(e.gateway),
            e.title,
            e.ask,
            e.meeting.meets_on if e.meeting else None,
            e.due_on,
            e.state,
            e.sent_on,
            e.heard_on,
            e.decided_on,
            e.decision,
            e.withdrawn_on,
            e.withdrawn_why,
            e.author_organisation.name,
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    about = "Items planned for gateways, and what was decided."
    add_section(Section("agenda_items", COLUMNS, _items, about, order=65))
