"""What reflections are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from initiatives.plans.audit_kinds import shown
from initiatives.reflections.models import Reflection
from organisations.actor import Actor
from organisations.audit_trail.registry import Shown, register


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("reflections_reflection", "Reflection", _reflections)


def _reflections(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = Reflection.objects.filter(pk__in=ids, acl__overlap=[actor.key])
    rows = found.select_related("initiative__partnership")
    return {each.pk: shown(actor, each.initiative) for each in rows}
