"""People at work, the roles they hold, and how to reach them there."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from contacts.models.areas import Place, Region
from contacts.models.reference import RoleType
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref


class Listing(models.TextChoices):
    """Where a posting stands towards the directory of its region."""

    PRIVATE = "private", "Private"
    OFFERED = "offered", "Offered to the directory"
    LISTED = "listed", "In the directory"
    # Stays with who offered it; the region's admin still sees that it was offered.
    DECLINED = "declined", "Not taken into the directory"
    # They asked not to be in it; whoever relies on the contact keeps it, and no region has it.
    REMOVED = "removed", "Removed from the directory at their wish"


class Visibility(models.TextChoices):
    """Who may open the contact details of a posting that is in the directory."""

    REGION = "region", "Organisations in the region"
    JOINED = "joined", "All organisations that have joined"
    REQUEST = "request", "On request only"


class CheckedBy(models.TextChoices):
    """Who said last that a posting is right."""

    PERSON = "person", "the person"
    ORGANISATION = "organisation", "their organisation"
    ADMIN = "admin", "the regional admin"


class Person(GuardedModel):
    """Someone at work: a name, and nothing about them outside work.

    Recorded by an organisation, or by a region's admin for the directory (`region`).
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    name = models.CharField(max_length=120)
    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="person")
    recorded_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=False) | Q(region__isnull=False),
                name="person_recorded_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Posting(GuardedModel):
    """A person in a role at an organisation, from one day until another.

    Private to the organisation that recorded it and to the partnerships where it is a named
    contact (`acl`, filled by the database alone), until it is offered to the directory of a
    region and that region's admin accepts it. How to reach the person is in `WorkDetails`,
    which fewer people may read.
    """

    guard_exempt = frozenset({"ref", "search_text"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="postings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="postings")
    role_type = models.ForeignKey(RoleType, models.PROTECT, null=True, blank=True)
    job_title = models.CharField(max_length=120)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    listing = models.CharField(max_length=10, choices=Listing, default=Listing.PRIVATE)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.REGION)
    deputy = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    # The region whose admin is asked to take it over from the one that keeps it.
    offered_to = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    # The posting that it turned out to be; ended then, and kept so that it can be undone.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    lawful_basis = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.CharField(max_length=12, choices=CheckedBy, blank=True)
    # Filled by the database from `checked_at` and the role type's interval; None once ended.
    check_due_on = models.DateField(null=True, editable=False)
    # Filled by the database from the role type: held by one person at a time.
    single_seat = models.BooleanField(default=False, editable=False)
    disputed_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    # Two years after it ended: nobody's name and details any more.
    anonymised_at = models.DateTimeField(null=True, editable=False)
    recorded_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    # Filled by the database: what a posting in the directory is found by.
    search_text = models.TextField(default="", editable=False)
    acl = AclField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(ended_on__gte=F("started_on")),
                name="posting_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(listing__in=["private", "removed"]) | Q(region__isnull=False),
                name="posting_in_a_directory_has_a_region",
            ),
            models.CheckConstraint(
                # One that an import added, and that was undone, is declined.
                condition=Q(recorded_by__isnull=False)
                | Q(listing__in=["listed", "declined", "removed"]),
                name="posting_recorded_by_someone",
            ),
            models.CheckConstraint(condition=~Q(deputy=F("id")), name="posting_not_its_own_deputy"),
            ExclusionConstraint(
                name="posting_single_seat_once",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("role_type", RangeOperators.EQUAL),
                    (Coalesce("place", Value(0)), RangeOperators.EQUAL),
                    (
                        Func(
                            "started_on",
                            "ended_on",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(single_seat=True, listing="listed"),
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="posting_acl"),
            GinIndex(
                OpClass("search_text", "gin_trgm_ops"),
                condition=Q(listing="listed"),
                name="posting_search",
            ),
            models.Index(
                fields=["region", "check_due_on"],
                condition=~Q(listing="private"),
                name="posting_directory",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person.name}, {self.job_title}"

    @property
    def recorder(self) -> str:
        """Who recorded it, in words."""
        if self.recorded_by is not None:
            return self.recorded_by.name
        return f"The {self.region} directory"


class WorkDetails(GuardedModel):
    """How to reach a person in a posting: at work, and nowhere else.

    A table of its own, because whoever may know of a posting in the directory may not
    always see these: `Posting.visibility`.
    """

    guard_exempt = frozenset({"email", "telephone"})

    posting = models.OneToOneField(
        Posting, models.CASCADE, primary_key=True, related_name="details"
    )
    email = models.EmailField(max_length=254)
    telephone = models.CharField(max_length=30, blank=True)
    bounce_reason = models.CharField(max_length=300, blank=True)
    acl = AclField()

    class Meta:
        verbose_name_plural = "work details"
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="work_details_acl"),
            models.Index(Lower("email"), name="work_details_email"),
        ]

    def __str__(self) -> str:
        return f"How to reach posting {self.posting_id}"
