"""What the page of a region says of requests for contact details."""

from __future__ import annotations

from contacts.directory import reaching
from contacts.models import Region
from contacts.regions.sections import Section, register
from organisations.actor import Actor


def waiting(actor: Actor, region: Region) -> Section:
    """How many requests for contact details wait for the admin."""
    return Section(
        "Requests for contact details",
        "regions/section_requests.jinja",
        {"number": reaching.number_waiting(region)},
    )


def register_own() -> None:
    """Register it; for `AppConfig.ready`."""
    register("details-requests", waiting, order=30)
