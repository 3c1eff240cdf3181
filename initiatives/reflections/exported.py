"""What an organisation's export holds of reflections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from initiatives.reflections.models import Reflection
from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section

COLUMNS = (
    "ref", "initiative", "occasion", "about", "went_well", "what_we_change", "who_we_miss",
    "win", "written_for", "reflected_on", "withdrawn_at",
)  # fmt: skip


def _reflections(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = Reflection.objects.filter(acl__overlap=[by.organisation_id]).order_by("pk")
    related = rows.select_related("initiative", "author_organisation", "milestone", "win")
    return (
        (
            e.ref,
            e.initiative.ref,
            e.get_occasion_display(),
            e.about,
            # What was taken back is shown on no page.
            *((e.went_well, e.change, e.missing) if e.withdrawn_at is None else ("", "", "")),
            e.win.ref if e.win else "",
            e.author_organisation.name,
            e.reflected_on,
            e.withdrawn_at,
        )
        for e in related.iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    about = "What went well in initiatives, what is changed, and who is missing."
    add_section(Section("reflections", COLUMNS, _reflections, about, order=79))
