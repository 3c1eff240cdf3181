"""What touchpoints are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from frontend.wording import date_words
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register
from partnerships.touchpoints.models import Touchpoint


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("touchpoints_touchpoint", "Touchpoint", _touchpoints)


def _touchpoints(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = Touchpoint.objects.filter(
        pk__in=ids, acl__overlap=[actor.organisation_id]
    ).select_related("partnership")
    return {
        each.pk: Shown(
            f"{each.get_kind_display()} on {date_words(each.starts_at)}",
            page_of(actor, "touchpoint", ref=each.partnership.ref, touchpoint=each.ref),
        )
        for each in found
    }
