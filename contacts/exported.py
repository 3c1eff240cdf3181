"""What an organisation's export holds of contacts: the postings that it sees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from contacts.models import Posting
from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section

COLUMNS = (
    "ref",
    "name",
    "organisation",
    "job_title",
    "email",
    "telephone",
    "started_on",
    "ended_on",
    "source",
    "checked_at",
    "recorded_by",
)


def _contacts(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = (
        Posting.objects.filter(acl__overlap=[by.organisation_id])
        .select_related("person", "organisation", "recorded_by", "region", "details")
        .order_by("pk")
    )
    return (
        (
            e.ref,
            e.person.name,
            e.organisation.name,
            e.job_title,
            e.details.email,
            e.details.telephone,
            e.started_on,
            e.ended_on,
            e.source,
            e.checked_at,
            e.recorder,
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    about = "Work details of people that the organisation sees."
    add_section(Section("contacts", COLUMNS, _contacts, about, order=30))
