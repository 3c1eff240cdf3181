"""What an organisation's export holds of the rules for small numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from initiatives.small_numbers.models import ChosenRule
from organisations.actor import Actor
from organisations.joining.registry import CHUNK, Section, add_section

COLUMNS = ("partnership", "organisation", "rule", "chosen_at")


def _rules(by: Actor) -> Iterable[tuple[Any, ...]]:
    rows = ChosenRule.objects.filter(acl__overlap=[by.organisation_id]).order_by("pk")
    related = rows.select_related("partnership", "organisation")
    return (
        (e.partnership.ref, e.organisation.name, e.rule, e.chosen_at)
        for e in related.iterator(chunk_size=CHUNK)
    )


def register() -> None:
    """Make these part of every export."""
    about = "Which rule for small numbers each member of a partnership asks for."
    add_section(Section("small_number_rules", COLUMNS, _rules, about, order=82))
