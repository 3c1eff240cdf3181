"""What an e-mail address wants of Tandem's e-mails: which, how soon, and at which hours.

By address, in small letters, because people without an account get e-mails too. Written and
read through functions of the database: by a person's own verified address, or by the link in an
e-mail that came to it.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

MOST_REMINDERS = 5
LONGEST_REMINDER = 60 * 24 * 60  # sixty days, in minutes


class Choice(models.TextChoices):
    """When the e-mails of a group come; of the summary itself, how often."""

    AT_ONCE = "at_once", "At once"
    DIGEST = "digest", "In my summary"
    NEVER = "never", "Not at all"
    WEEKLY = "weekly", "Every Monday"
    DAILY = "daily", "Every working day"


class MailPreference(models.Model):
    """What somebody chose for one group of e-mails."""

    address = models.EmailField(max_length=254)
    mail_group = models.CharField(max_length=20)
    choice = models.CharField(max_length=10, choices=Choice)
    changed_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["address", "mail_group"], name="mail_preference_once"),
            models.CheckConstraint(
                condition=Q(address=Lower("address")), name="mail_preference_address"
            ),
            models.CheckConstraint(
                condition=Q(choice__in=Choice.values), name="mail_preference_choice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mail_group}: {self.choice}"


class MailTimes(models.Model):
    """When somebody wants no e-mail, by London clocks, and how long before a touchpoint they want
    to be reminded (None: as its series says)."""

    address = models.EmailField(max_length=254, unique=True)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    quiet_weekends = models.BooleanField(default=False)
    reminder_minutes = ArrayField(models.PositiveIntegerField(), null=True)
    changed_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    class Meta:
        verbose_name_plural = "mail times"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(address=Lower("address")), name="mail_times_address"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | (
                    Q(quiet_from__isnull=False, quiet_until__isnull=False)
                    & ~Q(quiet_from=F("quiet_until"))
                ),
                name="mail_times_from_until",
            ),
            models.CheckConstraint(
                condition=Q(reminder_minutes__isnull=True)
                | Q(reminder_minutes__len__gte=1, reminder_minutes__len__lte=MOST_REMINDERS),
                name="mail_times_few_reminders",
            ),
        ]

    def __str__(self) -> str:
        return "times of an address"


class HeldNews(models.Model):
    """An e-mail that was not sent because its reader, at `address`, wants it in their summary;
    `payload` is what the delivery carried. Kept until it has been told."""

    delivery = models.OneToOneField(
        "organisations.Delivery", models.CASCADE, related_name="+", primary_key=True
    )
    payload = models.JSONField(default=dict)
    address = models.EmailField(max_length=254)
    held_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "held news"
        indexes: ClassVar = [models.Index(fields=["address", "held_at"], name="held_news_of")]

    def __str__(self) -> str:
        return f"news of delivery {self.delivery_id}"
