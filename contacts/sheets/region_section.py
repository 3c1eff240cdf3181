"""The part of a region's page that leads to its sheets."""

from __future__ import annotations

from contacts.models import ImportRun, Region, RunState
from contacts.regions.sections import Section, register
from organisations.actor import Actor

OPEN = (RunState.MATCHING, RunState.CHECKING, RunState.CHECKED, RunState.APPLYING)


def sheets(actor: Actor, region: Region) -> Section:
    """Contacts in and out, and how many imports are not finished."""
    waiting = ImportRun.objects.filter(region=region, state__in=OPEN).count()
    return Section("Spreadsheets", "sheets/section.jinja", {"region": region, "waiting": waiting})


def register_own() -> None:
    """Register it; for `AppConfig.ready`."""
    register("sheets", sheets, order=70)
