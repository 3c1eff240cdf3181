"""People at work, the roles they hold, and how to reach them there."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from contacts.models.reference import RoleType
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref


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
