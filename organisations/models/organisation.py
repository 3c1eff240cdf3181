"""Organisations of both sectors, and who succeeded whom."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Upper


class Sector(models.TextChoices):
    """The two sides of a partnership. Council public health sits on the health side."""

    SCHOOL = "school", "Schools"
    HEALTH = "health", "Health and council"


class Kind(models.TextChoices):
    """Kinds of organisation."""

    SCHOOL_TRUST = "school_trust", "School trust"
    SCHOOL = "school", "School"
    NHS_TRUST = "nhs_trust", "NHS trust"
    ICB = "icb", "Integrated care board"
    COUNCIL = "council", "Council"
    PROVIDER = "provider", "Provider"

    @property
    def sector(self) -> Sector:
        """The side on which an organisation of this kind works."""
        if self in (Kind.SCHOOL_TRUST, Kind.SCHOOL):
            return Sector.SCHOOL
        return Sector.HEALTH


class ICBBasis(models.TextChoices):
    """How we know which integrated care board an organisation belongs to."""

    PUBLISHED = "published", "As published"
    SUCCESSION = "succession", "Successor of the published board"
    POSTCODE = "postcode", "From its postcode"
    TO_CHECK = "to_check", "To check"


class SearchText(Func):
    """What an organisation is found by: its name, then where it is; made by the database."""

    function = "tandem.organisation_search_text"
    output_field = models.TextField()


class Organisation(models.Model):
    """A real organisation of England; a tenant once `joined_at` is set: proved, terms accepted.

    Official fields come from open data and are overwritten by its refresh; nothing that a
    person types is kept here. `code` is what the field calls it by: URN (school), group UID
    (school trust), ODS code (NHS), DfE local authority number (council).
    """

    kind = models.CharField(max_length=20, choices=Kind)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120, unique=True)
    other_code = models.CharField(max_length=20, blank=True)
    town = models.CharField(max_length=100, blank=True)
    # The council area, where the source names it (schools, councils).
    area = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    website = models.URLField(max_length=300, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    icb = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="organisations_in_footprint"
    )
    icb_basis = models.CharField(max_length=12, choices=ICBBasis, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    search_text = models.GeneratedField(
        expression=SearchText("name", "town", "area"),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
    )

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "code"], name="organisation_code_once"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gte=F("opened_on")),
                name="organisation_closes_after_it_opens",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="organisation_search_idx"),
            models.Index(OpClass(Upper("code"), "text_pattern_ops"), name="organisation_code_idx"),
            models.Index(Upper("other_code"), name="organisation_other_code_idx"),
            models.Index(OpClass("postcode", "text_pattern_ops"), name="organisation_postcode_idx"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sector(self) -> Sector:
        """The side of a partnership on which it works."""
        return Kind(self.kind).sector

    @property
    def has_joined(self) -> bool:
        """Whether it is a tenant, with people proved to speak for it, and not suspended."""
        return self.joined_at is not None and self.suspended_at is None


class Succession(models.Model):
    """One organisation took over from another, wholly or in part, on a date.

    From open data, or by an operator (`recorded_by`), whose word a refresh leaves as it is. The
    database refuses a chain that would lead back to where it began.
    """

    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, models.PROTECT, related_name="predecessions")
    happened_on = models.DateField()
    nature = models.CharField(max_length=20)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True, recorded_at__isnull=True)
                | Q(recorded_by__isnull=False, recorded_at__isnull=False),
                name="succession_recording_complete",
            ),
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="succession_not_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
