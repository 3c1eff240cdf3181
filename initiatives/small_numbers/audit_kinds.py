"""What chosen rules are called in the audit trail, and where they lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from initiatives.small_numbers.models import ChosenRule
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.audit_trail.registry import Shown, register


def register_kinds() -> None:
    """Register them; for `AppConfig.ready`."""
    register("small_numbers_chosenrule", "Rule for small numbers", _rules)


def _rules(actor: Actor, ids: Collection[int]) -> Mapping[int, Shown]:
    found = ChosenRule.objects.filter(pk__in=ids, acl__overlap=[actor.key])
    return {
        each.pk: Shown(str(each), page_of(actor, "small-numbers", ref=each.partnership.ref))
        for each in found.select_related("partnership")
    }
