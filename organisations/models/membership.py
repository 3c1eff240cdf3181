"""Who belongs to which organisation, in which role."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.models.organisation import Organisation
from organisations.references import new_ref


class Role(models.TextChoices):
    """What a person may do in their organisation; each role includes the one before."""

    VIEWER = "viewer", "Viewer"
    EDITOR = "editor", "Editor"
    MANAGER = "manager", "Manager"


class NewRef(models.Func):
    """A reference made by the database, for a row that its own functions insert."""

    function = "tandem.new_ref"
    output_field = models.CharField()


class Membership(models.Model):
    """A person belongs to an organisation from one moment until another.

    Once it has ended it stays as it was; whoever comes back gets another. The database keeps
    an organisation that has joined from losing its last manager.
    """

    ref = models.CharField(
        max_length=12, unique=True, default=new_ref, db_default=NewRef(), editable=False
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=Q(ended_at__isnull=True),
                name="membership_live_once",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"
