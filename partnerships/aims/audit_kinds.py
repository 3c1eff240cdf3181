"""What shared aims are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register
from partnerships.aims.models import AimVersion


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("aims_aimversion", "Shared aim", _versions)


def _versions(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = AimVersion.objects.filter(pk__in=ids, acl__overlap=[actor.key])
    return {
        each.pk: Shown(str(each), page_of(actor, "shared-aim", ref=each.partnership.ref))
        for each in found.select_related("partnership")
    }
