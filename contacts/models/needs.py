"""What somebody needs, and whom to contact for it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Need(models.Model):
    """A need with its first door, its fallback and the gateway where it is steered.

    Loaded from the framework; an operator may reword it, and then it is theirs (`edited_at`).
    Roles and gateways are named by the keys of their types.
    """

    key = models.CharField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    # Nothing is asked for or kept here: the texts say where to go instead.
    not_here = models.BooleanField(default=False)
    first_door = models.CharField(max_length=300)
    first_roles = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    first_gateways = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    ask_for = models.CharField(max_length=300)
    not_for = models.CharField(max_length=300)
    fallback = models.CharField(max_length=300)
    fallback_roles = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    strategic = models.CharField(max_length=300)
    strategic_gateways = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    edited_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.name
