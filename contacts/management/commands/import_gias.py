"""Brings in downloads of Get Information about Schools."""

from __future__ import annotations

from contacts.imports.official.bringing_in import GIAS
from contacts.management.official import OfficialCommand


class Command(OfficialCommand):
    help = (
        "Bring in downloads of Get Information about Schools: edubasealldata, allgroupsdata, "
        "alllinksdata, academiesmatmembership, links_edubasealldata."
    )
    publisher = GIAS
