"""What an organisation's export holds of conversations, with those it kept to itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section
from partnerships.conversations.models import Conversation

COLUMNS = (
    "ref",
    "partnership",
    "held_on",
    "kind",
    "internal",
    "summary",
    "people",
    "others",
    "introduced_by",
    "logged_for",
    "logged_by",
    "created_at",
    "changed_at",
    "withdrawn_at",
)


def _conversations(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = (
        Conversation.objects.filter(acl__overlap=[by.organisation_id])
        .select_related("partnership", "author_organisation", "author")
        .order_by("pk")
    )
    return (
        (
            e.ref,
            e.partnership.ref,
            e.held_on,
            e.kind,
            e.internal,
            # Withdrawn words are shown on no page.
            *(
                (e.summary, "; ".join(e.people), e.others, e.introduced_by)
                if e.withdrawn_at is None
                else ("", "", "", "")
            ),
            e.author_organisation.name,
            e.author,
            e.created_at,
            e.changed_at,
            e.withdrawn_at,
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    about = "What was agreed; internal ones are seen by nobody else."
    add_section(Section("conversations", COLUMNS, _conversations, about, order=50))
