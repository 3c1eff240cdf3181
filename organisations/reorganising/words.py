"""Announced changes in words, wherever they are shown."""

from __future__ import annotations

from frontend.components import Component, tag
from frontend.wording import date_words
from organisations.models import AnnouncedChange, ChangeState, Confidence

SOON = "Merging soon"
HOW_SURE = {
    Confidence.HIGH: "almost certain",
    Confidence.MEDIUM: "likely, not certain",
    Confidence.LOW: "not certain at all",
}


def soon_tag() -> Component:
    """The mark of an organisation with an announced change, and of what depends on it."""
    return tag(SOON, "yellow")


def sentence(change: AnnouncedChange, name: str) -> str:
    """What is announced of an organisation: when, with whom, how sure, and who says so."""
    day = date_words(change.expected_on)
    if change.state == ChangeState.CONFIRMED:
        return f"{name} ends on {day}: it becomes one with {change.into}. Source: {change.source}."
    sure = HOW_SURE[Confidence(change.confidence)]
    return (
        f"{name} is expected to merge with {change.into} on {day}. This is {sure}. "
        f"Source: {change.source}."
    )
