"""What imports of history are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register
from overview.history_import.models import HistoryRun


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("history_import_historyrun", "Import of history", _runs)


def _runs(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = HistoryRun.objects.filter(pk__in=ids, organisation=actor.organisation_id)
    return {
        each.pk: Shown(str(each), page_of(actor, "history-import", ref=each.ref)) for each in found
    }
