"""Choosing the rule for small numbers that one's organisation asks for."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from initiatives.small_numbers.models import ChosenRule
from initiatives.suppression.rules import PRESETS
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission
from partnerships.record.models import Partnership
from partnerships.record.services.members import hold_partnership


@transaction.atomic
def choose_rule(*, by: Actor, partnership: Partnership, rule: str) -> ChosenRule:
    """Ask, for the acting organisation, for one of the presets by its key.

    The strictest that any member asks for holds for all. Raises ValidationError, keyed by field,
    for a key that is none. The same again does nothing.
    """
    permissions.require(by, Permission.CHOOSE_SMALL_NUMBER_RULE, partnership)
    assert by.organisation_id is not None
    if rule not in PRESETS:
        raise ValidationError({"rule": "Choose a rule"})
    hold_partnership(partnership.pk)
    of = {"partnership": partnership, "organisation_id": by.organisation_id}
    current = ChosenRule.objects.filter(**of).first()
    if current is not None and current.rule == rule:
        return current
    now = {"rule": rule, "chosen_by_id": by.user_id, "chosen_at": timezone.now()}
    if current is None:
        made = ChosenRule.objects.create(**of, **now)
    else:
        ChosenRule.objects.filter(pk=current.pk).update(**now)
        made = ChosenRule.objects.get(pk=current.pk)
    before = current.rule if current else None
    audit.record("small number rule chosen", by=by, obj=made, changes={"rule": [before, rule]})
    return made
