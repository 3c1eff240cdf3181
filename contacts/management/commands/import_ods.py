"""Brings in files of the Organisation Data Service."""

from __future__ import annotations

from contacts.imports.official.bringing_in import ODS
from contacts.management.official import OfficialCommand


class Command(OfficialCommand):
    help = "Bring in files of the Organisation Data Service, such as etr.csv or etr.zip."
    publisher = ODS
