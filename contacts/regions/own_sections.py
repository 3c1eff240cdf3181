"""The section that every region's page has: who else manages it."""

from __future__ import annotations

from contacts.models import Region
from contacts.regions import selectors
from contacts.regions.sections import Section, register
from frontend.components import link, table
from frontend.wording import date_words
from organisations.actor import Actor


def admins(actor: Actor, region: Region) -> Section:
    """Who else manages it."""
    others = selectors.fellow_admins(region, besides=actor.user_id)
    rows = [
        [each.user, link(each.user.email, f"mailto:{each.user.email}"), date_words(each.given_at)]
        for each in others
    ]
    shown = table(["Who", "Email address", "Since"], rows) if rows else None
    return Section("Who else manages it", "regions/section_admins.jinja", {"table": shown})


def register_own() -> None:
    """Register it; for `AppConfig.ready`."""
    register("admins", admins, order=80)
