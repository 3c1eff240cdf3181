"""What each side has of contacts to rely on: a named one and a deputy, checked in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.text import get_text_list

from organisations.models import Sector
from overview.health.facts import Facts, Partner
from partnerships.record.models import ContactFunction


@dataclass(frozen=True, slots=True)
class Post:
    """The contact or deputy of a side: in good order, in doubt, or missing.

    `partner` is where it is to be filled or checked; None where it is in order.
    """

    function: ContactFunction
    doubt: str = ""
    partner: Partner | None = None

    @property
    def in_order(self) -> bool:
        """Whether somebody holds it on whom one can rely."""
        return self.partner is None

    @property
    def missing(self) -> bool:
        """Whether nobody holds it."""
        return self.partner is not None and not self.doubt

    @property
    def standing(self) -> str:
        """`checked`, `never checked`, `missing`."""
        if self.in_order:
            return "checked"
        return self.doubt[0].lower() + self.doubt[1:] if self.doubt else "missing"


def posts_in_words(posts: Iterable[Post]) -> str:
    """`named contact checked and deputy missing`, `named contact and deputy checked`."""
    alike = groupby(posts, key=lambda each: each.standing)
    return get_text_list(
        [
            f"{get_text_list([each.function.label.lower() for each in group], 'and')} {standing}"
            for standing, group in alike
        ],
        "and",
    )


def posts_of(facts: Facts, side: Sector) -> list[Post]:
    """Both posts of a side; none while no organisation stands there.

    One organisation with somebody to rely on is enough for its side.
    """
    partners = {each.organisation_id: each for each in facts.side(side)}
    return [_post(facts, function, partners) for function in ContactFunction] if partners else []


def _post(facts: Facts, function: ContactFunction, partners: dict[int, Partner]) -> Post:
    holders = [
        each
        for each in facts.contacts
        if each.function == function and each.organisation_id in partners
    ]
    if any(not each.doubt for each in holders):
        return Post(function)
    if holders:
        return Post(function, holders[0].doubt, partners[holders[0].organisation_id])
    return Post(function, partner=next(iter(partners.values())))
