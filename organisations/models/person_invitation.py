"""Invitations of people into an organisation, by its managers."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from organisations.models.membership import Role
from organisations.models.organisation import Organisation
from organisations.references import new_ref

VALID_FOR = timedelta(days=7)


class PersonInvitation(models.Model):
    """A manager asks one person into the organisation, in a role, by e-mail to one address.

    The link in the e-mail is signed from `ref` and `sending`; no token is stored. Sending again
    raises `sending` and so ends the former link. Whoever accepts has confirmed exactly `email`:
    `tandem.accept_person_invitation` sees to that, and it alone sets `used_at`.
    """

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="person_invitations"
    )
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=Role)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sending = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["sent_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="person_invitation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="person_invitation_email_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="person_invitation_role_known"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at"))
                & Q(expires_at__lte=F("sent_at") + VALID_FOR),
                name="person_invitation_expires_soon",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_by__isnull=True)
                | Q(used_at__isnull=False, used_by__isnull=False),
                name="person_invitation_use_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.organisation} · {self.get_role_display()}"

    @property
    def has_expired(self) -> bool:
        """Whether its time is over; sending it again gives it another week."""
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted through its link."""
        return self.used_at is None and self.revoked_at is None and not self.has_expired
