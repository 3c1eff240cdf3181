"""What an organisation's export holds of touchpoints: plans and outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section
from partnerships.touchpoints.models import Touchpoint

COLUMNS = (
    "ref",
    "partnership",
    "kind",
    "starts_at",
    "minutes",
    "venue",
    "agenda",
    "state",
    "outcome_notes",
    "outcome_at",
    "scheduled_for",
)


def _touchpoints(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = (
        Touchpoint.objects.filter(acl__overlap=[by.organisation_id])
        .select_related("partnership", "author_organisation")
        .order_by("pk")
    )
    return (
        (
            e.ref,
            e.partnership.ref,
            e.kind,
            e.starts_at,
            e.minutes,
            e.venue,
            e.agenda,
            e.state,
            e.outcome_notes,
            e.outcome_at,
            e.author_organisation.name,
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    about = "Touchpoints, planned and past."
    add_section(Section("touchpoints", COLUMNS, _touchpoints, about, order=60))
