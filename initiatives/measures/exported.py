"""What an organisation's export holds of measures: definitions, what is told, and the readings that
whoever exports may read raw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from initiatives.measures.models import Measure, PublishedReading, Reading
from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section

MEASURES = (
    "ref", "initiative", "measured_by", "name", "unit", "direction", "level", "period", "groups",
    "numerator", "denominator", "target", "source", "quality_note", "withdrawn_at",
)  # fmt: skip
TOLD = (
    "measure", "measured_by", "starts_on", "ends_on", "group", "number", "number_status", "base",
    "base_status", "average",
)  # fmt: skip
RAW = ("measure", "starts_on", "ends_on", "group", "number", "base", "average", "recorded_at")


def _measures(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = Measure.objects.filter(acl__overlap=[by.organisation_id]).order_by("pk")
    return (
        (
            e.ref,
            e.initiative.ref,
            e.organisation.name,
            e.name,
            e.get_unit_display(),
            e.get_direction_display(),
            e.get_level_display(),
            e.get_period_display(),
            "; ".join(e.groups),
            e.numerator,
            e.denominator,
            e.target,
            e.source,
            e.quality_note,
            e.withdrawn_at,
        )
        for e in rows.select_related("initiative", "organisation").iterator(chunk_size=CHUNK)
    )


def _told(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = PublishedReading.objects.filter(acl__overlap=[by.organisation_id]).order_by("pk")
    return (
        (
            e.measure.ref,
            e.organisation.name,
            e.starts_on,
            e.ends_on,
            e.group,
            e.number,
            e.number_status,
            e.base,
            e.base_status,
            e.value,
        )
        for e in rows.select_related("measure", "organisation").iterator(chunk_size=CHUNK)
    )


def _raw(by: Actor) -> Iterable[tuple[Any, ...]]:
    """Those that row security shows to whoever exports: of the measures that they own."""
    rows = Reading.objects.filter(organisation=by.organisation_id, superseded_at=None)
    return (
        (e.measure.ref, e.starts_on, e.ends_on, e.group, e.number, e.base, e.value, e.recorded_at)
        for e in rows.order_by("pk").select_related("measure").iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    about = "What initiatives are judged by."
    add_section(Section("measures", MEASURES, _measures, about, order=76))
    about = "What is told of the readings of measures: small numbers are masked."
    add_section(Section("measure_readings", TOLD, _told, about, order=77))
    about = "The readings of the measures that whoever took this export owns, as entered."
    add_section(Section("measure_readings_raw", RAW, _raw, about, order=78))
