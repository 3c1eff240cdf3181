"""What signing in keeps: where somebody is signed in, providers they linked, a change of address.

Second factors are in allauth's own table. Every table here shows a person their own rows alone.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.utils import timezone


class SignedInSession(models.Model):
    """A browser in which somebody is signed in, for them to recognise and to end.

    `session_key` is Django's; it changes with a password, and the row follows.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-last_seen_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["user"], name="signed_in_session_user")]

    def __str__(self) -> str:
        return f"session of {self.user_id}"


class SecondStepReset(models.Model):
    """An operator removed a second step that somebody had lost, having checked that it is them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reset_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    how = models.TextField(max_length=1000)
    reset_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    class Meta:
        ordering: ClassVar = ["-reset_at", "-id"]

    def __str__(self) -> str:
        return f"second step of {self.user_id} reset"


class LinkedSignIn(models.Model):
    """An identity at an OpenID Connect provider that signs a person in.

    The identity is issuer and subject. What the provider says of name and address is never
    used to find somebody; `shown_as` is for the person to recognise which account it is.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    provider = models.CharField(max_length=40)
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    shown_as = models.CharField(max_length=254, blank=True)
    linked_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["linked_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="linked_sign_in_once"),
            models.UniqueConstraint(fields=["user", "provider"], name="linked_sign_in_one_each"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} of {self.user_id}"


class EmailChange(models.Model):
    """Somebody's wish for another e-mail address, until both addresses have agreed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    old_email = models.EmailField(max_length=254)
    new_email = models.EmailField(max_length=254)
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    old_agreed_at = models.DateTimeField(null=True)
    new_agreed_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(stopped_at__isnull=True, done_at__isnull=True),
                name="email_change_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True)
                | Q(
                    old_agreed_at__isnull=False,
                    new_agreed_at__isnull=False,
                    stopped_at__isnull=True,
                ),
                name="email_change_both_agreed",
            ),
        ]

    def __str__(self) -> str:
        return f"change of address of {self.user_id}"
