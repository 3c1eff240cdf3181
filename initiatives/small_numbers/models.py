"""The rule for small numbers that each member of a partnership has chosen."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from initiatives.suppression.rules import PRESETS
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from partnerships.record.models import Partnership

LONGEST_KEY = 30


class ChosenRule(models.Model):
    """What one member asks for. A member without a row asks for the recommended rule."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    rule = models.CharField(
        max_length=LONGEST_KEY, choices=[(each.key, each.name) for each in PRESETS.values()]
    )
    chosen_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partnership", "organisation"], name="one_rule_a_member"
            ),
            models.CheckConstraint(
                condition=models.Q(rule__in=list(PRESETS)), name="rule_is_a_preset"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="chosen_rule_acl")]

    def __str__(self) -> str:
        return PRESETS[self.rule].name
