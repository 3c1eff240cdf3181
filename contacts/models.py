"""Areas, role types, people and their postings, and which open data has been loaded."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref


class Region(models.Model):
    """An administered directory area: the footprint of an integrated care board."""

    icb = models.OneToOneField(Organisation, models.PROTECT, related_name="region")
    name = models.CharField(max_length=200)
    nhs_region = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """An upper-tier council's area."""

    council = models.OneToOneField(Organisation, models.PROTECT, related_name="place")
    name = models.CharField(max_length=200)
    regions: models.ManyToManyField[Region, PlaceRegion] = models.ManyToManyField(
        Region, through="PlaceRegion", related_name="places"
    )

    def __str__(self) -> str:
        return self.name


class PlaceRegion(models.Model):
    """The part of a place that lies in a region; five councils span several boards."""

    place = models.ForeignKey(Place, models.CASCADE)
    region = models.ForeignKey(Region, models.CASCADE)
    share = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "region"], name="place_region_once"),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="place_region_share_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} in {self.region}: {self.share:.0%}"


class OutwardCode(models.Model):
    """The place that most schools of an outward postcode (such as WS1) lie in."""

    outward = models.CharField(max_length=4)
    place = models.ForeignKey(Place, models.CASCADE, related_name="outward_codes")
    share = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outward", "place"], name="outward_code_place_once"),
        ]

    def __str__(self) -> str:
        return f"{self.outward} in {self.place}"


class RoleType(models.Model):
    """A kind of job in either sector, with what to approach its holder for and what not."""

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    sector = models.CharField(max_length=20)
    organisation_type = models.CharField(max_length=80)
    level = models.CharField(max_length=20)
    statutory = models.BooleanField(default=False)
    approach_for = models.CharField(max_length=300, blank=True)
    not_for = models.CharField(max_length=300, blank=True)
    check_every_days = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Dataset(models.Model):
    """Open data that has been loaded: when, how many rows, and from which files (a digest)."""

    name = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    rows = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.name


class Person(GuardedModel):
    """Someone at work: a name, and nothing about them outside work."""

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    name = models.CharField(max_length=120)
    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="person")
    recorded_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Posting(GuardedModel):
    """A person in a role at an organisation, from one day until another.

    A posting is private to the organisation that recorded it and to the partnerships where it
    is a named contact; `acl` says so and is filled by the database alone.
    """

    guard_exempt = frozenset({"ref", "email", "telephone"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="postings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="postings")
    role_type = models.ForeignKey(RoleType, models.PROTECT, null=True, blank=True)
    job_title = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    telephone = models.CharField(max_length=30, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce_reason = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(ended_on__gte=F("started_on")),
                name="posting_ends_after_it_starts",
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="posting_acl")]

    def __str__(self) -> str:
        return f"{self.person.name}, {self.job_title}"
