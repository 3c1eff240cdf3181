"""What is found, in words: what it is, where it belongs, and the words that were looked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from frontend.wording import date_words
from organisations.actor import Actor
from organisations.addresses import page_of
from overview.search import selectors
from overview.search.selectors import Group
from partnerships.conversations.selectors import PAGE

NAMES = {
    selectors.PARTNERSHIPS: ("partnership", "Partnerships"),
    selectors.INITIATIVES: ("initiative", "Initiatives"),
    selectors.AGREEMENTS: ("agreement", "Agreements"),
    selectors.CONVERSATIONS: ("conversation", "Conversations"),
}
SHOWN = 200  # characters of a text
BEFORE = 60  # of them before the first word that was looked for


@dataclass(frozen=True, slots=True)
class Line:
    """One that was found."""

    text: Markup
    href: str
    hint: str
    excerpt: Markup | str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What was found of one kind."""

    kind: str
    singular: str
    heading: str
    lines: list[Line]
    total: int


def part_of(actor: Actor, kind: str, group: Group, query: str) -> Part:
    """What was found of a kind of record."""
    singular, heading = NAMES[kind]
    line = LINES[kind]
    lines = [line(actor, row, query) for row in group.rows]
    return Part(kind, singular, heading, lines, group.total)


def marked(text: str, query: str) -> Markup:
    """A text with the words that begin as those looked for marked; all else escaped."""
    words = [re.escape(word) for word in re.findall(r"\w+", query)[:8]]
    if not words:
        return escape(text)
    pattern = re.compile(rf"\b(?:{'|'.join(words)})\w*", re.IGNORECASE)
    parts, end = [], 0
    for found in pattern.finditer(text):
        parts.append(escape(text[end : found.start()]))
        parts.append(Markup("<mark>{}</mark>").format(found[0]))
        end = found.end()
    parts.append(escape(text[end:]))
    return Markup().join(parts)


def excerpt(text: str, query: str) -> Markup:
    """The part of a long text where the first of the words is, marked."""
    plain = " ".join(text.split())
    words = [re.escape(word) for word in re.findall(r"\w+", query)[:8]]
    found = re.search(rf"\b(?:{'|'.join(words)})", plain, re.IGNORECASE) if words else None
    start = max(0, found.start() - BEFORE) if found else 0
    if start:
        # From a word's beginning, where one is near.
        start = plain.find(" ", start, start + 20) + 1 or start
    shown = plain[start : start + SHOWN]
    ends = start + SHOWN < len(plain)
    return Markup("{}{}{}").format("…" if start else "", marked(shown, query), "…" if ends else "")


def _partnership(actor: Actor, row: Any, query: str) -> Line:
    return Line(
        marked(row.name, query),
        page_of(actor, "partnership", ref=row.ref),
        f"Closed on {date_words(row.closed_at)}" if row.closed_at else "",
        excerpt(row.purpose, query),
    )


def _initiative(actor: Actor, row: Any, query: str) -> Line:
    where = {"ref": row.partnership.ref, "initiative": row.ref}
    return Line(
        marked(row.name, query),
        page_of(actor, "initiative", **where),
        f"{row.get_stage_display()}, in {row.partnership.name}",
        excerpt(row.aim, query),
    )


def _agreement(actor: Actor, row: Any, query: str) -> Line:
    where = {"ref": row.partnership.ref, "agreement": row.ref}
    return Line(
        marked(row.title, query),
        page_of(actor, "agreement", **where),
        f"{row.get_stage_display()}, in {row.partnership.name}",
    )


def _conversation(actor: Actor, row: Any, query: str) -> Line:
    page = row.newer // PAGE + 1
    address = page_of(actor, "conversations", ref=row.partnership.ref)
    shown = f"{row.get_kind_display()} on {date_words(row.held_on)}"
    internal = ", internal" if row.internal else ""
    return Line(
        escape(shown),
        f"{address}?page={page}#conversation-{row.ref}",
        f"{row.partnership.name}, logged by {row.author_organisation.name}{internal}",
        excerpt(row.summary, query),
    )


LINES: dict[str, Callable[[Actor, Any, str], Line]] = {
    selectors.PARTNERSHIPS: _partnership,
    selectors.INITIATIVES: _initiative,
    selectors.AGREEMENTS: _agreement,
    selectors.CONVERSATIONS: _conversation,
}
