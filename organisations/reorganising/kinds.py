"""Which kind of organisation may take over from which, and what a succession is called."""

from __future__ import annotations

from django.db import models

from organisations.models import Kind

# An organisation is followed by one of its own kind; health providers change their standing too.
FOLLOWED_BY: dict[Kind, frozenset[Kind]] = {
    Kind.SCHOOL: frozenset({Kind.SCHOOL}),
    Kind.SCHOOL_TRUST: frozenset({Kind.SCHOOL_TRUST}),
    Kind.NHS_TRUST: frozenset({Kind.NHS_TRUST, Kind.PROVIDER}),
    Kind.PROVIDER: frozenset({Kind.PROVIDER, Kind.NHS_TRUST}),
    Kind.ICB: frozenset({Kind.ICB}),
    Kind.COUNCIL: frozenset({Kind.COUNCIL}),
}


class Nature(models.TextChoices):
    """What happened, as far as it matters for what follows. Open data may have other words."""

    MERGER = "merger", "It became part of another organisation, or merged with others"
    SPLIT = "split", "It was split among several organisations"
    CONVERSION = "conversion", "It goes on under a new number, for example as an academy"


IN_SHORT = {
    Nature.MERGER: "merger",
    Nature.SPLIT: "split",
    Nature.CONVERSION: "new number",
}


def may_follow(former: str, later: str) -> bool:
    """Whether an organisation of one kind may take over from one of another."""
    return Kind(later) in FOLLOWED_BY[Kind(former)]


def in_short(nature: str) -> str:
    """A nature in a word or two; what open data call it stays as it is."""
    return IN_SHORT[Nature(nature)] if nature in Nature.values else nature
