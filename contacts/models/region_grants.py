"""Who manages the directory of which region: personal grants."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from guardian.models import UserObjectPermissionBase

from contacts.models.areas import Region
from organisations.models import User


class RegionGrant(UserObjectPermissionBase):
    """A personal grant on one region, in a table of its own (django-guardian).

    An operator gives it, until it is taken away (`ended_at`) or the day `ends` is over. It is
    kept then, so that it can be told who managed a region when; row security shows a person
    their own only while it lives.
    """

    content_object = models.ForeignKey(Region, models.CASCADE, related_name="grants")
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    ends = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            # One that has run out is ended before another is given.
            models.UniqueConstraint(
                fields=["content_object", "user", "permission"],
                condition=Q(ended_at__isnull=True),
                name="region_grant_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="region_grant_end_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} manages {self.content_object}"
