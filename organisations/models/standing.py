"""How an organisation comes, stays away for a while, or is looked after: domains that operators
trust, processing terms accepted, suspensions, support sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from organisations.models.organisation import Organisation
from organisations.references import new_ref

# A host name as DNS carries it: lower case ASCII, at least two labels, none of them encoded.
DOMAIN = r"^(?!.*xn--)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$"
LONGEST_SUPPORT = timedelta(minutes=60)


class TrustedDomain(models.Model):
    """An operator trusts that whoever has an address at `domain` works for `organisation`.

    The whole domain counts, no part of it. `shared` is the operator's explicit word that the
    domain belongs to several organisations; without it a domain is one organisation's alone.
    """

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="trusted_domains")
    domain = models.CharField(max_length=253)
    shared = models.BooleanField(default=False)
    note = models.TextField(max_length=1000)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["domain", "organisation__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "domain"],
                condition=Q(removed_at__isnull=True),
                name="trusted_domain_once",
            ),
            models.UniqueConstraint(
                fields=["domain"],
                condition=Q(removed_at__isnull=True, shared=False),
                name="trusted_domain_of_one_organisation",
            ),
            models.CheckConstraint(condition=Q(domain__regex=DOMAIN), name="trusted_domain_plain"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="trusted_domain_removal_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.domain}: {self.organisation}"


class TermsAcceptance(models.Model):
    """A manager accepted a version of the processing terms for their organisation."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="terms_accepted")
    version = models.PositiveSmallIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    class Meta:
        ordering: ClassVar = ["-accepted_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-accepted_at"], name="terms_of_organisation")
        ]

    def __str__(self) -> str:
        return f"terms {self.version} for {self.organisation_id}"


class Suspension(models.Model):
    """An operator froze an organisation, why, and when it was lifted."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="suspensions")
    reason = models.TextField(max_length=1000)
    suspended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_note = models.TextField(max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar = ["-suspended_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(lifted_at__isnull=True),
                name="suspension_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="suspension_lifting_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"suspension of {self.organisation_id}"


class SupportSession(models.Model):
    """An operator reads one organisation's records for a while, and says why.

    It ends by itself at `ends_at`, or earlier when either side ends it.
    """

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="support_sessions")
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(max_length=1000)
    started_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-started_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("started_at"))
                & Q(ends_at__lte=F("started_at") + LONGEST_SUPPORT),
                name="support_session_short",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="support_session_end_complete",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["operator", "ends_at"], name="support_session_operator"),
            models.Index(fields=["organisation", "-started_at"], name="support_session_of"),
        ]

    def __str__(self) -> str:
        return f"support session {self.ref}"

    @property
    def is_live(self) -> bool:
        """Whether the operator can still read through it."""
        return self.ended_at is None and self.ends_at > timezone.now()
