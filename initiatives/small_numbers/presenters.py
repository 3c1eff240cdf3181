"""Rules for small numbers in words."""

from __future__ import annotations

from collections.abc import Sequence

from frontend.components import Component, table
from frontend.wording import date_words
from initiatives.small_numbers.selectors import Choice
from initiatives.suppression.rules import Rule


def masked_words(rule: Rule) -> str:
    """What somebody may know of a number that is masked: between which numbers it lies."""
    return f"between {rule.mask_from} and {rule.mask_to}"


def in_short(rule: Rule) -> str:
    """What becomes of numbers of people, within a sentence."""
    rest = f" and the rest are rounded to {rule.round_to}" if rule.round_to else ""
    return f"numbers from {rule.mask_from} to {rule.mask_to} are masked{rest}"


def in_words(rule: Rule) -> str:
    """What a rule does, in sentences."""
    shown = f"rounded to {rule.round_to}" if rule.round_to else "shown as they are"
    words = (
        f"Numbers of people from {rule.mask_from} to {rule.mask_to} are masked, the others are "
        f"{shown}. Averages are of {rule.averages_min_n} people or more."
    )
    if rule.min_base:
        words += f" Percentages are of {rule.min_base} people or more."
    return words


def choices_table(choices: Sequence[Choice]) -> Component:
    """What each member asks for."""
    return table(
        ["Member", "Asks for", "Chosen"],
        [
            [
                each.organisation.name,
                each.rule.name,
                date_words(each.row.chosen_at) if each.row else "Not yet",
            ]
            for each in choices
        ],
    )
