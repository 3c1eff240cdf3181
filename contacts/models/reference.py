"""Kinds of job, and the open data that has been loaded."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class RoleType(models.Model):
    """A kind of job in either sector, with what to approach its holder for and what not."""

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    sector = models.CharField(max_length=20)
    organisation_type = models.CharField(max_length=80)
    level = models.CharField(max_length=20)
    statutory = models.BooleanField(default=False)
    approach_for = models.CharField(max_length=300, blank=True)
    not_for = models.CharField(max_length=300, blank=True)
    check_every_days = models.PositiveSmallIntegerField()
    # Held by one person at a time in an organisation (and place).
    single_seat = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Dataset(models.Model):
    """Open data that has been loaded: when, how many rows, and from which files (a digest)."""

    name = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    rows = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.name
