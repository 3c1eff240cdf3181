"""What an organisation's export holds of initiatives, their leads and their plans."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from initiatives.plans.models import Initiative, PlanLine
from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section
from organisations.models import Organisation

INITIATIVES = (
    "ref", "partnership", "looked_after_by", "name", "strand", "template", "stage", "aim",
    "audience", "schools", "place", "starts_on", "ends_on", "hours_a_term", "pilot", "decide_on",
    "decision", "decision_note", "decided_on", "leads", "created_at", "withdrawn_at",
)  # fmt: skip
LINES = ("initiative", "kind", "words", "note", "due_on", "state", "created_at")


def _initiatives(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = (
        Initiative.objects.filter(acl__overlap=[by.organisation_id])
        .select_related("partnership", "organisation")
        .prefetch_related("leads__organisation", "leads__user", "leads__posting__person")
        .order_by("pk")
    )
    for each in rows.iterator(chunk_size=CHUNK):
        names = Organisation.objects.filter(pk__in=each.schools).order_by("name")
        yield (
            each.ref,
            each.partnership.ref,
            each.organisation.name,
            each.name,
            each.get_strand_display(),
            each.template,
            each.get_stage_display(),
            each.aim,
            each.audience,
            "; ".join(names.values_list("name", flat=True)) if each.schools else "",
            each.place,
            each.starts_on,
            each.ends_on,
            each.hours,
            each.pilot,
            each.decide_on,
            each.get_decision_display(),
            each.decision_note,
            each.decided_on,
            "; ".join(lead.words for lead in each.leads.all()),
            each.created_at,
            each.withdrawn_at,
        )


def _lines(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = PlanLine.objects.filter(acl__overlap=[by.organisation_id]).order_by("initiative", "pk")
    return (
        (
            each.initiative.ref,
            each.get_kind_display(),
            each.words,
            each.note,
            each.due_on,
            each.get_state_display(),
            each.created_at,
        )
        for each in rows.select_related("initiative").iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    about = "What the partnerships do together, and where."
    add_section(Section("initiatives", INITIATIVES, _initiatives, about, order=72))
    about = "The milestones, needs and risks of initiatives."
    add_section(Section("initiative_plans", LINES, _lines, about, order=73))
