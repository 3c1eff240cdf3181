"""Areas: regions (footprints of integrated care boards) and places (councils' areas)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from organisations.models import Organisation


class Region(models.Model):
    """An administered directory area: the footprint of an integrated care board."""

    icb = models.OneToOneField(Organisation, models.PROTECT, related_name="region")
    name = models.CharField(max_length=200)
    nhs_region = models.CharField(max_length=60)
    # Its address. Given when it is loaded first, and kept when the area is called otherwise.
    slug = models.SlugField(max_length=120, unique=True)

    class Meta:
        permissions: ClassVar = [("manage_region", "Can manage the directory of a region")]

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
