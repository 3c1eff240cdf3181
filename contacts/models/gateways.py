"""Gateways: the boards, forums, teams and hubs through which joint work begins or is steered."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from contacts.models.areas import Place, Region
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.references import new_ref


class GatewayType(models.Model):
    """A kind of gateway: what it is, when to start there, and what to ask for."""

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=20)
    host = models.CharField(max_length=120)
    statutory = models.BooleanField(default=False)
    source_in_framework = models.CharField(max_length=20)
    durability = models.CharField(max_length=20)
    check_every_days = models.PositiveSmallIntegerField()
    typical_meetings = models.CharField(max_length=200, blank=True)
    start_here_when = models.CharField(max_length=300, blank=True)
    ask_for = models.CharField(max_length=300, blank=True)
    notes = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Gateway(GuardedModel):
    """One gateway of a region or of a place in it. Public facts: no person's name or address.

    Every area starts with its statutory gateways, waiting for details (`described_at` empty).
    """

    guard_exempt = frozenset({"ref", "email", "telephone", "website", "search_text"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    type = models.ForeignKey(GatewayType, models.PROTECT, related_name="gateways")
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="gateways"
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="gateways")
    # What it is called there; empty while it goes by the name of its type.
    name = models.CharField(max_length=200, blank=True)
    host = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="hosted_gateways"
    )
    about = models.TextField(max_length=1000, blank=True)
    how_to_reach = models.TextField(max_length=600, blank=True)
    opening = models.CharField(max_length=200, blank=True)
    meets = models.CharField(max_length=200, blank=True)
    website = models.URLField(max_length=300, blank=True)
    # Of the team, never of a person.
    email = models.EmailField(max_length=254, blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    source = models.CharField(max_length=200, blank=True)
    described_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    # Filled by the database: what it is found by.
    search_text = models.TextField(default="", editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(region__isnull=False, place__isnull=True)
                | Q(region__isnull=True, place__isnull=False),
                name="gateway_of_a_region_or_a_place",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="gateway_search"),
            models.Index(fields=["place", "type"], name="gateway_place"),
            models.Index(fields=["region", "type"], name="gateway_region"),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.type.name}, {self.area}"

    @property
    def area(self) -> Region | Place:
        """The region or place it serves."""
        area = self.region or self.place
        assert area is not None
        return area


class GatewayMeeting(models.Model):
    """A day on which a gateway meets, and until when papers must reach it."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    gateway = models.ForeignKey(Gateway, models.PROTECT, related_name="meetings")
    meets_on = models.DateField()
    papers_due_on = models.DateField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["meets_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["gateway", "meets_on"], name="gateway_meets_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(papers_due_on__isnull=True) | Q(papers_due_on__lte=F("meets_on")),
                name="gateway_papers_before_it_meets",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} on {self.meets_on}"
