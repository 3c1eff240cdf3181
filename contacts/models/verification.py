"""Whether a posting in a directory is still true: checks, their e-mails, and what replies changed.

Apart from the postings, because other people may read them: a region's admin sees checks and
history, and nobody but the database's own functions sees to whom an e-mail with a link went.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from contacts.models.areas import Region
from contacts.models.people import CheckedBy, Posting
from organisations.guarded_models import GuardedModel
from organisations.models import User
from organisations.references import new_ref


class Asked(models.IntegerChoices):
    """How far asking has got, a step every ten days without an answer."""

    PERSON = 1, "The person was asked"
    AGAIN = 2, "The person was asked again"
    ORGANISATION = 3, "Their organisation was asked"
    NOBODY_ANSWERS = 4, "Nobody has answered"


class CheckOutcome(models.TextChoices):
    """How a check ended."""

    OPEN = "", "Waiting for an answer"
    RIGHT = "right", "Still right"
    CHANGED = "changed", "Something changed"
    LEFT = "left", "Left"
    BOUNCED = "bounced", "The email could not be delivered"
    # Ended, taken out, corrected or checked by somebody else meanwhile.
    OVERTAKEN = "overtaken", "Not needed any more"


class Check(models.Model):
    """One time of asking whether a posting is still right; one is open at a time."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="checks")
    opened_at = models.DateTimeField()
    # The admin who asked for it; None where its day had come.
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    step = models.PositiveSmallIntegerField(choices=Asked, default=Asked.PERSON)
    stepped_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=CheckOutcome, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["posting"], condition=Q(closed_at__isnull=True), name="check_open_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="check_closed_with_an_outcome",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["stepped_at"], condition=Q(closed_at__isnull=True), name="check_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"Check {self.pk} of posting {self.posting_id}"


class LetterKind(models.TextChoices):
    """What an e-mail of the directory is for."""

    NOTICE = "notice", "Your details in a directory"
    CHECK = "check", "Are your details right?"
    CHECK_AGAIN = "check_again", "Are your details right? Second time"
    CHECK_ORGANISATION = "check_organisation", "Is your colleague still there?"
    CONFIRM_ADDRESS = "confirm_address", "Confirm your new address"
    DETAILS_LINK = "details_link", "Link to your details"
    REMOVED_ADMIN = "removed_admin", "Somebody asked to be removed"
    REMOVED_KEEPER = "removed_keeper", "A contact asked to be removed"
    SUMMARY = "summary", "What waits in your region"


class Letter(models.Model):
    """An e-mail about a posting, and what its link opens: made with its row, sent by the outbox.

    `ref` is the secret part of the link. No role that serves pages reads this table.
    """

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    kind = models.CharField(max_length=20, choices=LetterKind)
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="+")
    asked_in = models.ForeignKey(Check, models.PROTECT, null=True, related_name="letters")
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    recipient = models.EmailField(max_length=254, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Given to the outbox.
    handed_on_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["posting", "made_at"], name="letter_of_posting"),
            models.Index(
                fields=["id"], condition=Q(handed_on_at__isnull=True), name="letter_to_hand_on"
            ),
            models.Index(Lower("recipient"), "made_at", name="letter_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.pk})"


class ChangeKind(models.TextChoices):
    """What a reply did to a posting."""

    CHANGED = "changed", "Details corrected"
    LEFT = "left", "Left"
    REMOVED = "removed", "Removed at their wish"


class PostingChange(GuardedModel):
    """What a reply changed: before, after, and a note; read by the region's admin alone.

    The audit trail names the fields. Emptied when the posting is made anonymous.
    """

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="changes")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ChangeKind)
    by = models.CharField(max_length=12, choices=CheckedBy)
    at = models.DateTimeField(default=timezone.now)
    # Field → [before, after].
    changes = models.JSONField(default=dict)
    note = models.TextField(max_length=1000, blank=True)
    # When the admin has done what follows from it.
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region", "kind", "settled_at"], name="change_in_region"),
            models.Index(fields=["posting", "at"], name="change_of_posting"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, posting {self.posting_id}"


class Objection(models.Model):
    """Somebody asked not to be in a directory: their address, digested, so that it is kept out."""

    digest = models.CharField(max_length=64, unique=True)
    objected_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Objection {self.pk}"
