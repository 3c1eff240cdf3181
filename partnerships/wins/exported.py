"""What an organisation's export holds of wins, with those it kept to itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section
from partnerships.wins.models import Win

COLUMNS = (
    "ref", "partnership", "happened_on", "internal", "line", "quote", "quoted", "logged_for",
    "created_at", "shared_at", "withdrawn_at",
)  # fmt: skip


def _wins(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = Win.objects.filter(acl__overlap=[by.organisation_id]).order_by("pk")
    return (
        (
            e.ref,
            e.partnership.ref,
            e.happened_on,
            e.internal,
            # What was taken back is shown on no page.
            *((e.line, e.quote, e.quoted) if e.withdrawn_at is None else ("", "", "")),
            e.author_organisation.name,
            e.created_at,
            e.shared_at,
            e.withdrawn_at,
        )
        for e in rows.select_related("partnership", "author_organisation").iterator(
            chunk_size=CHUNK
        )
    )


def register() -> None:
    """Make these part of every export."""
    about = "What went well; internal ones are seen by nobody else."
    add_section(Section("wins", COLUMNS, _wins, about, order=69))
