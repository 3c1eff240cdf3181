"""What is known of a school beyond its being an organisation."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from organisations.models.organisation import Organisation


class TrustBasis(models.TextChoices):
    """How we know a school's trust; open data names it for some schools only."""

    OFFICIAL = "official", "Get Information about Schools"
    REPORTED = "reported", "A published report"


class School(models.Model):
    """A school: a site of its trust, or a tenant of its own when not in one."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="school"
    )
    council = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="schools_in_area"
    )
    trust = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="schools"
    )
    trust_basis = models.CharField(max_length=10, choices=TrustBasis, blank=True)
    phase = models.CharField(max_length=40, blank=True)
    establishment_type = models.CharField(max_length=80, blank=True)
    age_low = models.PositiveSmallIntegerField(null=True, blank=True)
    age_high = models.PositiveSmallIntegerField(null=True, blank=True)
    pupils = models.PositiveIntegerField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(trust__isnull=True, trust_basis="")
                | (models.Q(trust__isnull=False) & ~models.Q(trust_basis="")),
                name="school_trust_with_its_basis",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name
