"""What agreements are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register
from partnerships.agreements.selectors import newest_versions


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("agreements_agreement", "Agreement", _agreements)


def _agreements(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = newest_versions(actor).filter(agreement__in=ids)
    return {
        each.agreement_id: Shown(
            each.title,
            page_of(
                actor,
                "agreement",
                ref=each.agreement.partnership.ref,
                agreement=each.agreement.ref,
            ),
        )
        for each in found
    }
