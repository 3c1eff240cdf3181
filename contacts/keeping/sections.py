"""What the page of a region says of its directory: what needs somebody, how complete and fresh."""

from __future__ import annotations

from django.urls import reverse

from contacts.gateways import selectors as gateways
from contacts.keeping import freshness, presenters, selectors
from contacts.models import Region
from contacts.regions.sections import Section, register
from organisations.actor import Actor

MOST_VACANCIES = 10


def needs(actor: Actor, region: Region) -> Section:
    """How many contacts need somebody, by what they need."""
    counts = freshness.needs_of(region)
    alike, _ = selectors.pairs_alike(region, 0)
    waiting = gateways.of_region(region).filter(described_at=None).count()
    more = [
        ("Gateways without details", waiting, reverse("region-gateways", args=[region.slug])),
        (
            "Offered by other regions",
            selectors.offered_by_others(region).count(),
            reverse("region-transfers", args=[region.slug]),
        ),
        (
            "Reports to decide",
            selectors.open_reports(region).count(),
            reverse("region-reports", args=[region.slug]),
        ),
        ("Perhaps the same person", alike, reverse("region-duplicates", args=[region.slug])),
    ]
    return Section(
        "What needs you",
        "regions/section_needs.jinja",
        {"table": presenters.needs_table(region, counts, more), "number": counts.current},
    )


def standing(actor: Actor, region: Region) -> Section:
    """How complete and how fresh the directory is, place by place."""
    standings = freshness.standings_of(region)
    total = freshness.total_of(standings)
    return Section(
        "How complete and how fresh",
        "regions/section_standing.jinja",
        {
            "words": presenters.standing_words(total),
            "table": presenters.standings_table(region, standings),
            "vacancies": presenters.vacancies_table(region, total.vacancies[:MOST_VACANCIES]),
            "number": len(total.vacancies),
            "shown": min(len(total.vacancies), MOST_VACANCIES),
        },
    )


def register_own() -> None:
    """Register them; for `AppConfig.ready`."""
    register("needs", needs, order=10)
    register("standing", standing, order=20)
