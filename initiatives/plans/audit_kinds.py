"""What initiatives are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from initiatives.plans.models import Initiative, PlanLine
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("plans_initiative", "Initiative", _initiatives)
    register("plans_planline", "Line of a plan", _lines)


def shown(actor: Actor, initiative: Initiative) -> Shown:
    """An initiative, as the trail names whatever is below it too."""
    return Shown(
        initiative.name,
        page_of(actor, "initiative", ref=initiative.partnership.ref, initiative=initiative.ref),
    )


def _initiatives(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = Initiative.objects.filter(pk__in=ids, acl__overlap=[actor.key])
    return {each.pk: shown(actor, each) for each in found.select_related("partnership")}


def _lines(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = PlanLine.objects.filter(pk__in=ids, acl__overlap=[actor.key])
    rows = found.select_related("initiative__partnership")
    return {each.pk: shown(actor, each.initiative) for each in rows}
