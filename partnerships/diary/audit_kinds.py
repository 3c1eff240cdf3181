"""What quiet periods and feeds are called in the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register
from partnerships.diary.models import QuietPeriod


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("diary_quietperiod", "Quiet period", _periods)


def _periods(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = QuietPeriod.objects.filter(
        pk__in=ids, acl__overlap=[actor.organisation_id]
    ).select_related("partnership")
    return {
        each.pk: Shown(each.reason, page_of(actor, "quiet-periods", ref=each.partnership.ref))
        for each in found
    }
