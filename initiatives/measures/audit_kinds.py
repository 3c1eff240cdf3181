"""What measures are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from initiatives.measures.models import Measure, ReadingOpening
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("measures_measure", "Measure", _measures)
    register("measures_readingopening", "Readings opened", _openings)


def shown(actor: Actor, measure: Measure) -> Shown:
    """A measure, and its page."""
    place = {
        "ref": measure.initiative.partnership.ref,
        "initiative": measure.initiative.ref,
        "measure": measure.ref,
    }
    return Shown(measure.name, page_of(actor, "measure", **place))


def _measures(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = Measure.objects.filter(pk__in=ids, acl__overlap=[actor.key])
    rows = found.select_related("initiative__partnership")
    return {each.pk: shown(actor, each) for each in rows}


def _openings(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = ReadingOpening.objects.filter(pk__in=ids, organisation=actor.organisation_id)
    rows = found.select_related("measure__initiative__partnership")
    return {each.pk: shown(actor, each.measure) for each in rows}
