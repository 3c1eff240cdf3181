"""Initiatives for tests, each step as the people who plan them do it."""

from __future__ import annotations

from datetime import date
from typing import Any

from initiatives.plans import services
from initiatives.plans.models import Initiative
from organisations.actor import Actor
from partnerships.record.models import Partnership
from tests.record.arranging import acting_as

OUTLINE = services.Outline(
    name="Weekly drop-in",
    strand="prevention",
    aim="Pupils can talk to somebody before lessons.",
    audience="Years 7 to 9",
    place="The library",
    starts_on=date(2026, 9, 14),
    ends_on=date(2027, 7, 9),
    hours=40,
)


def started(by: Actor, partnership: Partnership, template: str = "", **more: Any) -> Initiative:
    """An initiative of the acting organisation."""
    outline = services.Outline(**{**_given(OUTLINE), **more})
    with acting_as(by):
        return services.start_initiative(
            by=by, partnership=partnership, outline=outline, template=template
        )


def seen(by: Actor, initiative: Initiative) -> Initiative | None:
    """The initiative as somebody sees it now, through row security alone."""
    with acting_as(by):
        rows = Initiative.objects.select_related("partnership", "organisation")
        return rows.filter(pk=initiative.pk).first()


def _given(outline: services.Outline) -> dict[str, Any]:
    return {name: getattr(outline, name) for name in outline.__slots__}
