"""What actions are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register
from partnerships.actions.models import Action


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("actions_action", "Action", _actions)


def _actions(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = Action.objects.filter(pk__in=ids, acl__overlap=[actor.organisation_id]).select_related(
        "partnership"
    )
    return {
        each.pk: Shown(
            each.title, page_of(actor, "action", ref=each.partnership.ref, action=each.ref)
        )
        for each in found
    }
