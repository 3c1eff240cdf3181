"""What an organisation's export holds of shared aims: every version, and who agreed it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section
from partnerships.aims.models import AimAgreed, AimComment, AimVersion

VERSIONS = ("partnership", "version", "priorities", "aim", "written_for", "created_at")
AGREED = ("partnership", "version", "organisation", "name", "role", "agreed_at")
COMMENTS = ("partnership", "version", "organisation", "text", "created_at")


def _versions(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = AimVersion.objects.filter(acl__overlap=[by.organisation_id]).order_by("pk")
    rows = rows.select_related("partnership", "author_organisation")
    return (
        (
            e.partnership.ref,
            e.number,
            "\n".join(e.priorities),
            e.aim,
            e.author_organisation.name,
            e.created_at,
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


def _agreed(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = AimAgreed.objects.filter(acl__overlap=[by.organisation_id]).order_by("pk")
    rows = rows.select_related("partnership", "version", "organisation")
    return (
        (e.partnership.ref, e.version.number, e.organisation.name, e.name, e.role, e.agreed_at)
        for e in rows.iterator(chunk_size=CHUNK)
    )


def _comments(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = AimComment.objects.filter(acl__overlap=[by.organisation_id]).order_by("pk")
    rows = rows.select_related("partnership", "version", "organisation")
    return (
        (e.partnership.ref, e.version.number, e.organisation.name, e.text, e.created_at)
        for e in rows.iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    about = "Shared priorities and aims of partnerships, every version."
    add_section(Section("aim_versions", VERSIONS, _versions, about, order=66))
    about = "Who agreed which version of a shared aim, for whom and when."
    add_section(Section("aim_agreed", AGREED, _agreed, about, order=67))
    about = "What was said about shared aims."
    add_section(Section("aim_comments", COMMENTS, _comments, about, order=68))
