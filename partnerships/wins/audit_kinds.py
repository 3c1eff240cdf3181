"""What wins are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register
from partnerships.wins.models import Win


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("wins_win", "Win", _wins)


def _wins(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = Win.objects.filter(pk__in=ids, acl__overlap=[actor.organisation_id])
    return {
        each.pk: Shown(str(each), page_of(actor, "wins", ref=each.partnership.ref))
        for each in found.select_related("partnership")
    }
