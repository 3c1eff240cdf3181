"""The section on calendars elsewhere on the page of an organisation's calendar."""

from __future__ import annotations

from calendars.elsewhere import selectors
from calendars.pages import Part, Section, register
from calendars.years import AcademicYear
from organisations.actor import Actor
from organisations.addresses import page_of


def _section(actor: Actor, year: AcademicYear) -> Section:
    addresses = list(selectors.addresses_of(actor))
    facts = {
        "page": page_of(actor, "calendars-elsewhere"),
        "count": len(addresses),
        "waiting": [
            (each.name, page_of(actor, "calendar-address", ref=each.ref))
            for each in addresses
            if selectors.waits_to_be_checked(each)
        ],
        "failing": [
            (each.name, page_of(actor, "calendar-address", ref=each.ref))
            for each in addresses
            if each.problem
        ],
    }
    return Section("Calendars you keep elsewhere", "calendars/elsewhere/section.jinja", facts)


def register_part() -> None:
    """Show it; for `AppConfig.ready`."""
    register(Part("elsewhere", _section, order=70))
