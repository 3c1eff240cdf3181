"""What an organisation's export holds of agreements: every version, whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section
from partnerships.agreements.models import AgreementVersion, DataPaper

COLUMNS = (
    "ref",
    "partnership",
    "kind",
    "stage",
    "renews",
    "version",
    "title",
    "starts_on",
    "review_on",
    "expires_on",
    "text",
    "sha256",
    "written_for",
    "created_at",
)


def _versions(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = (
        AgreementVersion.objects.filter(acl__overlap=[by.organisation_id])
        .select_related("agreement__renews", "partnership", "author_organisation")
        .order_by("pk")
    )
    return (
        (
            e.agreement.ref,
            e.partnership.ref,
            e.agreement.get_kind_display(),
            e.agreement.get_stage_display(),
            e.agreement.renews.ref if e.agreement.renews else "",
            e.number,
            e.title,
            e.starts_on,
            e.review_on,
            e.expires_on,
            e.text,
            e.digest,
            e.author_organisation.name,
            e.created_at,
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


PAPERS = (
    "ref",
    "agreement",
    "kind",
    "reference",
    "kept_by",
    "dated",
    "review_on",
    "covers",
    "address",
    "ended_at",
    "end_note",
)


def _papers(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = DataPaper.objects.filter(acl__overlap=[by.organisation_id])
    return (
        (
            e.ref,
            e.agreement.ref,
            e.get_kind_display(),
            e.reference,
            e.keeper.name,
            e.dated,
            e.review_on,
            e.covers,
            e.address,
            e.ended_at,
            e.end_note,
        )
        for e in rows.select_related("agreement", "keeper")
        .order_by("pk")
        .iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    about = "Agreements of partnerships: every version with its whole text and fingerprint."
    add_section(Section("agreement_versions", COLUMNS, _versions, about, order=64))
    about = "Impact assessments and data sharing agreements beside agreements, kept elsewhere."
    add_section(Section("agreement_papers", PAPERS, _papers, about, order=65))
