"""The sections that every region's page has: who else manages it, its places."""

from __future__ import annotations

from contacts.models import Region
from contacts.presenters import share_words
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


def places(actor: Actor, region: Region) -> Section:
    """The places in it."""
    shares = selectors.places_in(region)
    rows = [
        [each.place.name, "All of it" if each.share >= 0.995 else share_words(each.share)]
        for each in shares
    ]
    shown = table(["Place", "In this region"], rows) if rows else None
    return Section("Places", "regions/section_places.jinja", {"table": shown})


def register_own() -> None:
    """Register them; for `AppConfig.ready`."""
    register("admins", admins, order=80)
    register("places", places, order=90)
