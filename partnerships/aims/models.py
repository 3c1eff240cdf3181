"""The shared priorities and aim of a partnership, what is said about them, and who agreed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from partnerships.record.models import Partnership

LONGEST_AIM = 1500
LONGEST_PRIORITY = 100
MOST_PRIORITIES = 6
LONGEST_COMMENT = 1000
LONGEST_ROLE = 120


class AimVersion(GuardedModel):
    """One version, whole: the priorities and the aim. Never changed; a change makes the next.

    `text` is both as one text, the priorities a line each: what versions are compared by.
    """

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="aim_versions")
    number = models.PositiveIntegerField()
    priorities = ArrayField(models.CharField(max_length=LONGEST_PRIORITY), default=list)
    aim = models.TextField(max_length=LONGEST_AIM, blank=True)
    text = models.TextField()
    author_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["partnership", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partnership", "number"], name="aim_version_once"),
            models.CheckConstraint(
                condition=~Q(text__regex=r"^\s*$"), name="aim_version_says_something"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="aim_version_acl")]

    def __str__(self) -> str:
        return f"Shared aim, version {self.number}"


class AimComment(GuardedModel):
    """What somebody said about one version, for every member to read. Never changed."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    version = models.ForeignKey(AimVersion, models.PROTECT, related_name="comments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(max_length=LONGEST_COMMENT)
    created_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text__regex=r"^\s*$"), name="aim_comment_has_text")
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="aim_comment_acl")]

    def __str__(self) -> str:
        return f"{self.author} on {self.version}"


class AimAgreed(GuardedModel):
    """One member has agreed one version: who, as what, when. Never changed.

    A version that follows is agreed anew; this stays, as of its own.
    """

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    version = models.ForeignKey(AimVersion, models.PROTECT, related_name="agreed")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=LONGEST_ROLE)
    agreed_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "organisation"], name="aim_agreed_once")
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="aim_agreed_acl")]

    def __str__(self) -> str:
        return f"{self.organisation} agreed {self.version}"
