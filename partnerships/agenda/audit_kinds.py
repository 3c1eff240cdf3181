"""What items are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register
from partnerships.agenda.models import AgendaItem


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("agenda_agendaitem", "Agenda item", _items)


def _items(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = AgendaItem.objects.filter(
        pk__in=ids, acl__overlap=[actor.organisation_id]
    ).select_related("partnership")
    return {
        each.pk: Shown(
            each.title, page_of(actor, "agenda-item", ref=each.partnership.ref, item=each.ref)
        )
        for each in found
    }
