"""What an organisation's export holds of quiet periods, and of who agreed to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section
from partnerships.diary.models import QuietAnswer, QuietPeriod

PERIODS = (
    "ref",
    "partnership",
    "starts_on",
    "ends_on",
    "reason",
    "proposed_at",
    "withdrawn_at",
    "proposed_by",
)
ANSWERS = ("quiet_period", "partnership", "organisation", "agreed", "answered_at")


def _periods(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = (
        QuietPeriod.objects.filter(acl__overlap=[by.organisation_id])
        .select_related("partnership", "author_organisation")
        .order_by("pk")
    )
    return (
        (
            e.ref,
            e.partnership.ref,
            e.starts_on,
            e.ends_on,
            e.reason,
            e.created_at,
            e.withdrawn_at,
            e.author_organisation.name,
        )
        for e in rows.iterator(chunk_size=CHUNK)
    )


def _answers(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = (
        QuietAnswer.objects.filter(acl__overlap=[by.organisation_id])
        .select_related("period", "partnership", "organisation")
        .order_by("pk")
    )
    return (
        (e.period.ref, e.partnership.ref, e.organisation.name, e.agreed, e.answered_at)
        for e in rows.iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    about = "Quiet periods that were proposed in partnerships."
    add_section(Section("quiet_periods", PERIODS, _periods, about, order=70))
    said = "What each organisation said of a quiet period."
    add_section(Section("quiet_answers", ANSWERS, _answers, said, order=71))
